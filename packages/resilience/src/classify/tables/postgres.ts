import { lookUp, tableOf, type FailureKind } from '../failure-kind.ts'

const codes = tableOf({
  passing: `08000 08001 08003 08004 08006 08007 53000 53200 53300 57P01 57P02 57P03 57P05 25P03`,
  contended: '40000 40001 40003 40P01 55006 55P03 72000',
  broken: '08P01 53100 53400 57P04 58000 58030',
  rejected: '40002 25006 55000',
  cancelled: '57014',
})

/** Classes of codes, for what is not listed itself. */
const classes = tableOf({
  passing: '08 53 57',
  contended: '40',
  broken: '58 XX F0 HV',
  rejected: `03 09 0A 0B 0F 0L 0P 0Z 20 21 22 23 24 25 26 27 28 2B 2D 2F 34 38 39 3B 3D 3F 42 44
    54 55 P0`,
})

/** SQLSTATE codes of PostgreSQL and what speaks its protocol; `undefined` for other texts. */
export function kindOfSqlState(code: unknown): FailureKind | undefined {
  if (typeof code !== 'string' || !/^[0-9A-Z]{5}$/.test(code)) return undefined
  return lookUp(codes, code) ?? lookUp(classes, code.slice(0, 2))
}
