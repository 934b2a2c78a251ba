import { OrchestratorError } from './errors.ts'

/** One field of a configuration that cannot work. Holds no values. */
export interface ConfigProblem {
  /** Such as `mcp_servers[0].priority`; empty when it is about the whole. */
  readonly path: string
  /** One sentence. */
  readonly message: string
  /**
   * - `unreadable`: the text is not YAML, or there is no such file;
   * - `missing`: a field that must be there is not;
   * - `unknown`: there is no such field;
   * - `invalid`: the value cannot work;
   * - `environment`: a variable that it refers to is not set;
   * - `duplicate`: it may be there once, and is there twice.
   */
  readonly code: 'unreadable' | 'missing' | 'unknown' | 'invalid' | 'environment' | 'duplicate'
  /** Counted from 1; absent for a configuration that is no text. */
  readonly line?: number | undefined
  /** Counted from 1; absent for a configuration that is no text. */
  readonly column?: number | undefined
}

/** Thrown for a configuration that cannot work, before anything is connected. */
export class ConfigInvalidError extends OrchestratorError {
  override readonly name = 'ConfigInvalidError'
  readonly code = 'MCP_CONFIG_INVALID'
  /** Every bad field, in the order of the text. */
  readonly problems: readonly ConfigProblem[]

  constructor(problems: readonly ConfigProblem[], source = 'The configuration') {
    super(`${source} cannot be used: ${problems.map(describe).join('; ')}.`)
    this.problems = problems
  }
}

function describe({ path, message, line, column }: ConfigProblem): string {
  const place = line === undefined ? path : `${path} (line ${line}, column ${column})`
  return `${place.trim()} ${message.replace(/\.$/, '')}`.trim()
}
