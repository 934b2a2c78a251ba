import type { Failure, Gathered } from '../outcome/outcome.ts'
import { OrchestratorError } from './errors.ts'

/** Thrown by `connect` when servers that must be there are not. */
export class ServersMissingError extends OrchestratorError {
  override readonly name = 'ServersMissingError'
  readonly code = 'MCP_SERVERS_MISSING'
  override readonly retryable = true
  /** Every failure that was known when it was thrown. */
  readonly failures: readonly Failure[]

  constructor(failures: readonly Failure[], names: readonly string[]) {
    super(`Servers that must be there are missing: ${names.join(', ')}.`)
    this.failures = failures
  }
}

/** Thrown by a strict gathering that is not complete. */
export class GatherIncompleteError extends OrchestratorError {
  override readonly name = 'GatherIncompleteError'
  readonly code = 'MCP_GATHER_INCOMPLETE'
  override readonly retryable = true
  /** What there is. */
  readonly gathered: Gathered

  constructor(gathered: Gathered) {
    const names = [...new Set(gathered.failures.map(({ server }) => server))]
    super(
      names.length > 0
        ? `Gathering failed for ${names.join(', ')}.`
        : 'Gathering had to leave out or cut off texts.',
    )
    this.gathered = gathered
  }
}
