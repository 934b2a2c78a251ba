import { lookUp, type FailureKind } from './failure-kind.ts'
import { bodiesOf, chainOf, statusOf } from './read-error.ts'
import { kindOfClickHouseType } from './tables/clickhouse.ts'
import { kindOfStatus } from './tables/http.ts'
import { modelProvider } from './tables/model-provider.ts'
import { kindOfMysqlName } from './tables/mysql.ts'
import { network } from './tables/network.ts'
import { kindOfSqlState } from './tables/postgres.ts'
import { kindOfSqliteCode } from './tables/sqlite.ts'

type Link = ReturnType<typeof chainOf>[number]

/**
 * Says what kind of failure an error is: from the code in a provider's body, then from codes of the
 * network and of databases, then from the HTTP status, each also in the error's causes.
 *
 * @example
 * ```ts
 * import { classify } from '@t2t/resilience'
 *
 * const kind = classify(Object.assign(new Error('deadlock detected'), { code: '40P01' }))
 * // 'contended'
 * ```
 */
export function classify(error: unknown): FailureKind {
  for (const link of chainOf(error)) {
    const kind = kindOfLink(link)
    if (kind !== undefined) return kind
  }
  return 'unknown'
}

/**
 * Says whether an error is worth another attempt: its own `retryable`, otherwise what the tables
 * say, otherwise its own `isRetryable`. An error that nothing is known about is not.
 *
 * The tables suppose an operation that may be repeated, such as a read.
 */
export function isWorthRetrying(error: unknown): boolean {
  const chain = chainOf(error)
  for (const link of chain) {
    if (typeof link['retryable'] === 'boolean') return link['retryable']
    const kind = kindOfLink(link)
    if (kind !== undefined) return kind === 'passing' || kind === 'limited' || kind === 'contended'
  }
  return chain.some((link) => link['isRetryable'] === true)
}

/**
 * Says whether an error speaks of an unwell upstream, which is what a circuit breaker counts.
 *
 * Aborts, refusals of other policies, faults of the caller (4xx, syntax errors) and contention do
 * not; everything that nothing is known about does.
 */
export function countsAsFailure(error: unknown): boolean {
  const kind = classify(error)
  return kind === 'passing' || kind === 'broken' || kind === 'unknown'
}

function kindOfLink(link: Link): FailureKind | undefined {
  const { code, name } = link
  if (typeof code === 'string' && code.startsWith('RESILIENCE_')) return kindOfOwn(code)
  if (name === 'AbortError') return 'cancelled'
  const fromCode =
    kindOfClickHouseType(code, link['type']) ??
    kindOfBodies(link) ??
    lookUp(network, code) ??
    kindOfMysqlName(code) ??
    kindOfSqliteCode(code, link['errcode']) ??
    kindOfSqlState(code)
  if (fromCode !== undefined) return fromCode
  const status = statusOf(link)
  if (status !== undefined) return kindOfStatus(status)
  return name === 'TimeoutError' ? 'passing' : undefined
}

/** Errors of this package; for exhausted retries the cause decides. */
function kindOfOwn(code: string): FailureKind | undefined {
  if (code === 'RESILIENCE_TIMED_OUT') return 'passing'
  return code === 'RESILIENCE_RETRIES_EXHAUSTED' ? undefined : 'rejected'
}

function kindOfBodies(link: Link): FailureKind | undefined {
  for (const body of [link, ...bodiesOf(link)]) {
    const kind =
      lookUp(modelProvider, body['code']) ??
      lookUp(modelProvider, body['type']) ??
      lookUp(modelProvider, body['status']) ??
      lookUp(modelProvider, body['name'])
    if (kind !== undefined) return kind
  }
  return undefined
}
