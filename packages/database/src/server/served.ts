import type { CallToolResult } from '@modelcontextprotocol/server'
import type { Database } from '../databases/database.ts'
import { OptionInvalidError } from '../errors/errors.ts'
import { failed } from './failure.ts'

/** The databases of a server, by name. */
export type Served = ReadonlyMap<string, Database>

/** Puts databases in order. @throws {@link OptionInvalidError} for none, or for one name twice. */
export function serving(databases: Iterable<Database>): Served {
  const all = [...databases]
  const served = new Map(all.map((database) => [database.name, database]))
  if (served.size === 0) throw new OptionInvalidError('databases must hold at least one.')
  if (served.size < all.length) throw new OptionInvalidError('databases must differ in name.')
  return served
}

/** The database that a call names; the only one needs no naming. */
export function pick(served: Served, name: string | undefined): Database | CallToolResult {
  const [first] = served.values()
  const found = name === undefined && served.size === 1 ? first : served.get(name ?? '')
  if (found !== undefined) return found
  const message =
    name === undefined ? 'Say which database is meant.' : 'There is no database of this name.'
  return failed({ class: 'database-unknown', message, candidates: [...served.keys()] })
}

/** Tells a database from the result that says that there is none. */
export function isResult(picked: Database | CallToolResult): picked is CallToolResult {
  return 'content' in picked
}
