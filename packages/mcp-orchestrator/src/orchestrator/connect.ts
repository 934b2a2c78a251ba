import type { Clock } from '@t2t/resilience'
import { ServersMissingError } from '../errors/missing-errors.ts'
import type { Failure } from '../outcome/outcome.ts'
import type { Upstream } from '../upstream/upstream.ts'
import { askServer } from './ask.ts'

/** How connecting is waited for. */
export interface ConnectToOptions {
  readonly waitFor: 'all' | 'any' | 'required'
  readonly signal: AbortSignal | undefined
  readonly clock: Clock
}

/** Connects to all servers at once; gives the failures that are known when it ends. */
export async function connectTo(
  upstreams: readonly Upstream[],
  { waitFor, signal, clock }: ConnectToOptions,
): Promise<readonly Failure[]> {
  const failed = new Map<Upstream, Failure>()
  const connectOne = async (upstream: Upstream): Promise<boolean> => {
    const reply = await askServer(upstream, {
      stage: 'connect',
      isRepeatable: true,
      isInsistent: true,
      clock,
      signal,
      ask: async () => undefined,
    })
    if (reply.kind === 'failed') failed.set(upstream, reply.failure)
    return reply.kind === 'value'
  }
  const attempts = upstreams.map((upstream) => ({ upstream, isReady: connectOne(upstream) }))
  const failures = () =>
    upstreams.flatMap((upstream) => {
      const failure = failed.get(upstream)
      return failure === undefined ? [] : [failure]
    })

  if (waitFor === 'any') {
    const isAnyReady = await firstReady(attempts.map(({ isReady }) => isReady))
    if (isAnyReady || upstreams.length === 0) return failures()
    throw new ServersMissingError(failures(), namesOf(upstreams))
  }
  const awaited = attempts.filter(({ upstream }) => waitFor === 'all' || upstream.isRequired)
  for (const { isReady } of attempts) isReady.catch(() => undefined)
  await Promise.all(awaited.map(({ isReady }) => isReady))
  const missing = upstreams.filter((upstream) => upstream.isRequired && failed.has(upstream))
  if (missing.length > 0) throw new ServersMissingError(failures(), namesOf(missing))
  return failures()
}

/** Resolves with `true` as soon as one does, with `false` when none did. */
async function firstReady(attempts: readonly Promise<boolean>[]): Promise<boolean> {
  const ready = Promise.withResolvers<boolean>()
  const all = Promise.all(
    attempts.map(async (attempt) => {
      if (await attempt) ready.resolve(true)
    }),
  )
  all.then(() => ready.resolve(false), ready.reject)
  return ready.promise
}

function namesOf(upstreams: readonly Upstream[]): readonly string[] {
  return upstreams.map(({ name }) => name)
}
