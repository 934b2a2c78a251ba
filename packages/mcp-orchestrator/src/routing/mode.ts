import { OptionInvalidError } from '../errors/errors.ts'
import { ConnectionError } from '../errors/connection-error.ts'
import type { Failure } from '../outcome/outcome.ts'
import type { Source } from './source.ts'

/**
 * How many servers are used.
 *
 * - `multi`: all of them;
 * - `single`: the primary one alone, as if there were no other;
 * - `auto`: all of them when they are ready, else the primary one alone: nobody waits for the others,
 *   which are connected to meanwhile and named as missing.
 */
export type OrchestratorMode = 'multi' | 'single' | 'auto'

/** Which servers are asked, and which are not waited for. */
export interface Asked {
  readonly sources: readonly Source[]
  readonly failures: readonly Failure[]
  /** Absent when it was never in question. */
  readonly mode?: 'single' | 'multi'
}

/** Decides which of the selected servers are asked. */
export type ModeRule = (selected: readonly Source[]) => Asked

/** @throws {@link OptionInvalidError} when a mode needs a primary server and there is none. */
export function createModeRule(
  mode: OrchestratorMode,
  primary: string | undefined,
  sources: readonly Source[],
): ModeRule {
  if (mode === 'multi') return (selected) => ({ sources: selected, failures: [] })
  if (!sources.some(({ upstream }) => upstream.name === primary)) {
    throw new OptionInvalidError(`primary must name a server when mode is "${mode}".`)
  }
  const isPrimary = ({ upstream }: Source): boolean => upstream.name === primary
  return (selected) => {
    const alone = selected.filter(isPrimary)
    if (mode === 'single') return { sources: alone, failures: [], mode: 'single' }
    const late = selected.filter(
      (source) => !isPrimary(source) && source.upstream.status().state !== 'ready',
    )
    if (late.length === 0) return { sources: selected, failures: [], mode: 'multi' }
    for (const { upstream } of late) wake(upstream)
    const failures = late.map(({ upstream }) =>
      upstream.describe('connect', new ConnectionError('unreachable', notReady)),
    )
    return { sources: alone, failures, mode: 'single' }
  }
}

const notReady = 'The server is not ready and was not waited for.'

/** Connects in the background; how it ends is told by events and status. */
function wake(upstream: Source['upstream']): void {
  void upstream.use(() => Promise.resolve(), {
    signal: new AbortController().signal,
    isRepeatable: true,
  })
}
