import { lookUp, tableOf, type FailureKind } from '../failure-kind.ts'

const statuses = tableOf({
  passing: '408 500 502 503 504 520 521 522 523 524 529 530',
  limited: '429',
  contended: '409 423 425',
  broken: '507 508 511 525 526',
  rejected: '501 505 506 510',
  cancelled: '499',
})

/** HTTP status codes; other 5xx are passing, and all else is the caller's to change. */
export function kindOfStatus(status: number): FailureKind {
  return lookUp(statuses, String(status)) ?? (status >= 500 ? 'passing' : 'rejected')
}
