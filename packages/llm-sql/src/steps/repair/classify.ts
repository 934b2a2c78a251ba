import type { Finding } from '@t2t/sql-guard'

/** Why a text could not be used: what the guard found, or what the engine said. */
export interface Failure {
  readonly findings?: readonly Finding[] | undefined
  /** What the database said. Untrusted text, of which only well-known phrases are recognised. */
  readonly message?: string | undefined
}

/** What a failure is about. */
export type FailureClass =
  | 'column-unknown'
  | 'column-ambiguous'
  | 'table-unknown'
  | 'table-missing'
  | 'function-unknown'
  | 'aggregate-misplaced'
  | 'group-missing'
  | 'type-mismatch'
  | 'syntax-invalid'
  | 'other'

const phrases: readonly (readonly [FailureClass, RegExp])[] = [
  [
    'aggregate-misplaced',
    /misuse of aggregate|aggregate functions? (?:are|is) not allowed|aggregate function calls cannot be nested|invalid use of group function/i,
  ],
  [
    'group-missing',
    /must appear in the group by|isn't in group by|nonaggregated column|not under aggregate function/i,
  ],
  ['table-missing', /missing from-clause entry/i],
  ['column-ambiguous', /ambiguous/i],
  [
    'table-unknown',
    /no such table|relation "[^"]*" does not exist|table '[^']*' doesn't exist|unknown table/i,
  ],
  [
    'column-unknown',
    /no such column|column .{1,200} does not exist|unknown column|missing columns|unknown identifier|unknown expression identifier/i,
  ],
  ['function-unknown', /no such function|function .{1,200} does not exist|unknown function/i],
  [
    'type-mismatch',
    /operator does not exist|invalid input syntax|datatype mismatch|cannot be matched|incorrect .{1,40} value/i,
  ],
  [
    'syntax-invalid',
    /syntax error|error in your sql syntax|incomplete input|unrecognized token|unterminated|unclosed/i,
  ],
]

const codes: Readonly<Partial<Record<Finding['code'], FailureClass>>> = {
  'table-unknown': 'table-unknown',
  'column-unknown': 'column-unknown',
  'column-ambiguous': 'column-ambiguous',
  'function-refused': 'function-unknown',
  'syntax-invalid': 'syntax-invalid',
  'text-unbalanced': 'syntax-invalid',
}

/**
 * Names what a failure is about; `other` for what no repair can mend, such as what a policy
 * forbids.
 */
export function classOf({ findings = [], message = '' }: Failure): FailureClass {
  if (findings.length > 0) {
    const classes = findings.map(({ code }) => codes[code] ?? 'other')
    return classes.includes('other') ? 'other' : (classes[0] ?? 'other')
  }
  const short = message.slice(0, 1_000)
  return phrases.find(([, phrase]) => phrase.test(short))?.[0] ?? 'other'
}
