import { createDatabase, type RefreshableDatabase } from '@t2t/database'
import { postgres } from '@t2t/database/postgres'
import type { Catalog, Policy } from '@t2t/sql-guard'
import { shopStatements } from '../databases/shop.ts'
import { freshName } from '../engine/fresh-name.ts'
import {
  asSuperuser,
  createDatabaseWith,
  dropDatabase,
  serverUrl,
} from '../engine/postgres-server.ts'

/** The shop on a PostgreSQL server, seen as its owner and as a role for reading. */
export interface ShopRoles {
  readonly asOwner: RefreshableDatabase
  readonly asReader: RefreshableDatabase
  readonly role: string
  /** Runs a statement as the superuser. */
  run(sql: string): Promise<unknown>
  close(): Promise<void>
}

/** Creates the shop and the role that `write` gives statements for. */
export async function openShopRoles(
  guarded: {
    readonly policy: Policy
    readonly attributes?: Readonly<Record<string, number>>
  },
  write: (
    catalog: Catalog,
    names: { readonly role: string; readonly database: string },
  ) => Promise<readonly string[]>,
): Promise<ShopRoles> {
  const [database, role] = [freshName(), freshName()]
  await createDatabaseWith(database, shopStatements)
  const open = (user: string): Promise<RefreshableDatabase> =>
    createDatabase({
      name: 'shop',
      engine: postgres({ url: serverUrl.replace('postgres@', `${user}@`) + database }),
      ...guarded,
    })
  const run = (sql: string): Promise<unknown> =>
    asSuperuser(database, (client) => client.query(sql))
  const asOwner = await open('postgres')
  for (const sql of await write(await asOwner.catalog(), { role, database })) await run(sql)
  const asReader = await open(role)

  return {
    asOwner,
    asReader,
    role,
    run,
    async close() {
      await Promise.all([asReader.close(), asOwner.close()])
      await dropDatabase(database)
      await asSuperuser('postgres', (client) => client.query(`DROP ROLE IF EXISTS ${role}`))
    },
  }
}
