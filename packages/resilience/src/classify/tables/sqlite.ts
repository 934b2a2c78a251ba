import { lookUp, tableOf, type FailureKind } from '../failure-kind.ts'

/** Primary result codes by number, as `node:sqlite` reports them. */
const numbers = tableOf({
  contended: '5 6 15 17',
  broken: '2 7 10 11 13 14 26',
  rejected: '1 3 8 12 16 18 19 20 21 22 23 24 25',
  cancelled: '4 9',
})

/** The same codes by name, as better-sqlite3 and its relatives report them. */
const names = tableOf({
  contended: 'SQLITE_BUSY SQLITE_LOCKED SQLITE_PROTOCOL SQLITE_SCHEMA',
  broken: `SQLITE_INTERNAL SQLITE_NOMEM SQLITE_IOERR SQLITE_CORRUPT SQLITE_FULL SQLITE_CANTOPEN
    SQLITE_NOTADB`,
  rejected: `SQLITE_ERROR SQLITE_PERM SQLITE_READONLY SQLITE_NOTFOUND SQLITE_EMPTY SQLITE_TOOBIG
    SQLITE_CONSTRAINT SQLITE_MISMATCH SQLITE_MISUSE SQLITE_NOLFS SQLITE_AUTH SQLITE_FORMAT
    SQLITE_RANGE`,
  cancelled: 'SQLITE_ABORT SQLITE_INTERRUPT',
})

/** SQLite result codes, by number or by name; extended codes count as their primary ones. */
export function kindOfSqliteCode(code: unknown, number: unknown): FailureKind | undefined {
  if (typeof number === 'number') return lookUp(numbers, String(number % 256))
  if (typeof code !== 'string' || !code.startsWith('SQLITE_')) return undefined
  return lookUp(names, code.split('_').slice(0, 2).join('_'))
}
