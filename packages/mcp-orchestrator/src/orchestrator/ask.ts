import type { Clock } from '@t2t/resilience'
import { startDeadline } from '../clock/deadline.ts'
import type { Failure } from '../outcome/outcome.ts'
import type { Connection } from '../upstream/connection.ts'
import type { Upstream } from '../upstream/upstream.ts'

/** What one server answered to one request. */
export type Reply<Value> =
  | { readonly kind: 'value'; readonly upstream: Upstream; readonly value: Value }
  | { readonly kind: 'failed'; readonly failure: Failure }

/** One request to one server. */
export interface Question<Value> {
  /** The stage that a failure of the request itself has. */
  readonly stage: Failure['stage']
  readonly isRepeatable: boolean
  /** Whether pauses and an open circuit are disregarded. */
  readonly isInsistent?: boolean | undefined
  readonly clock: Clock
  /** The caller's signal. */
  readonly signal: AbortSignal | undefined
  ask(connection: Connection, signal: AbortSignal): Promise<Value>
}

/** Asks one server within its deadline. Throws nothing but the reason of the caller's abort. */
export async function askServer<Value>(
  upstream: Upstream,
  question: Question<Value>,
): Promise<Reply<Value>> {
  using deadline = startDeadline(upstream.timeoutMs, question.clock, question.signal)
  const used = await upstream.use((connection) => question.ask(connection, deadline.signal), {
    signal: deadline.signal,
    isRepeatable: question.isRepeatable,
    isInsistent: question.isInsistent,
  })
  question.signal?.throwIfAborted()
  if (used.kind === 'done') return { kind: 'value', upstream, value: used.value }
  const stage = used.stage === 'use' ? question.stage : 'connect'
  return { kind: 'failed', failure: upstream.describe(stage, used.error) }
}
