import { createDatabase, type RefreshableDatabase } from '@t2t/database'
import { postgres } from '@t2t/database/postgres'
import { combinePolicies, definePolicy } from '@t2t/sql-guard'
import { nativePolicy } from '@t2t/sql-guard/native'
import { postgres as postgresDialect } from '@t2t/sql-guard/postgres'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { shopPolicy, shopStatements } from '../databases/shop.ts'
import {
  asSuperuser,
  createDatabaseWith,
  dropDatabase,
  serverUrl,
} from '../engine/postgres-server.ts'

const name = 't2t_database_rows'
const role = 't2t_rows_reader'
const policy = combinePolicies(
  shopPolicy,
  definePolicy({ rows: { filter: { orders: 'customer_id = :customer' } } }),
)
const attributes = { customer: 1 }

describe.skipIf(!inject('reachable').postgres)('a policy with a row filter', () => {
  let asOwner: RefreshableDatabase
  let asReader: RefreshableDatabase

  beforeAll(async () => {
    await createDatabaseWith(name, shopStatements)
    await asSuperuser(name, (client) => client.query(`DROP ROLE IF EXISTS ${role}`))
    const open = (user: string): Promise<RefreshableDatabase> =>
      createDatabase({
        name: 'shop',
        engine: postgres({ url: serverUrl.replace('postgres@', `${user}@`) + name }),
        policy,
        attributes,
      })
    asOwner = await open('postgres')
    const { statements } = await nativePolicy({
      dialect: postgresDialect(),
      policy,
      catalog: await asOwner.catalog(),
      attributes,
      role,
      database: name,
    })
    await asSuperuser(name, async (client) => {
      for (const sql of statements) await client.query(sql)
    })
    asReader = await open(role)
  })

  afterAll(async () => {
    await asReader.close()
    await asOwner.close()
    await dropDatabase(name)
    await asSuperuser('postgres', (client) => client.query(`DROP ROLE IF EXISTS ${role}`))
  })

  it('drifts where row security does not hold for the role', async () => {
    expect((await asOwner.drift()).unfilteredRows).toEqual(['public.orders'])
  })

  it('does not drift as the role that it was written as', async () => {
    expect(await asReader.drift()).toMatchObject({ readableThoughHidden: [], unfilteredRows: [] })
  })

  it('has nothing to be told about that role', async () => {
    expect(await asReader.posture()).toEqual({ role, canWrite: false, findings: [] })
  })
})
