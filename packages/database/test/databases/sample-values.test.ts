import { createDatabase, type DatabaseOptions, type RefreshableDatabase } from '@t2t/database'
import { sqlite } from '@t2t/database/sqlite'
import { definePolicy } from '@t2t/sql-guard'
import { describe, expect, it } from 'vitest'
import { canaries, openShop, shopPolicy } from './shop.ts'
import { hasSqlite } from '../engine/has-sqlite.ts'

type Wanted = DatabaseOptions['sampleValues']

async function shop(
  sampleValues: Wanted,
  options: Partial<DatabaseOptions> = {},
): Promise<RefreshableDatabase> {
  return createDatabase({
    name: 'shop',
    engine: sqlite({ database: openShop() }),
    policy: shopPolicy,
    sampleValues,
    ...options,
  })
}

async function valuesOf(wanted: Wanted, options: Partial<DatabaseOptions> = {}): Promise<unknown> {
  const database = await shop(wanted, options)
  const { tables } = await database.catalog()
  await database.close()
  return tables.flatMap(({ name, columns }) =>
    columns.flatMap(({ name: column, sampleValues }) =>
      sampleValues === undefined ? [] : [[`${name}.${column}`, sampleValues]],
    ),
  )
}

describe.skipIf(!hasSqlite)('sample values', () => {
  it('are in the catalog only for columns that were named', async () => {
    expect(await valuesOf(undefined)).toEqual([])
    expect(await valuesOf({ columns: ['customers.name', 'main.orders.total'] })).toEqual([
      ['customers.name', ['Ada', 'Bob']],
      ['orders.total', ['12', '30', '9007199254740993']],
    ])
  })

  it('are at most as many as wanted, and short', async () => {
    const database = openShop()
    database.exec("INSERT INTO customers VALUES (3, 'A' || printf('%0200d', 7), NULL)")
    const engine = sqlite({ database })

    expect(await valuesOf({ columns: ['customers.name'], maxValues: 2 }, { engine })).toEqual([
      ['customers.name', ['Ada']],
    ])
  })

  it('are never those of a hidden column, also not through a view', async () => {
    const wanted = { columns: ['customers.email', 'contacts.email', 'salaries.amount'] }

    const database = await shop(wanted)

    expect(JSON.stringify(await database.catalog())).not.toMatch(canaries)
    await database.close()
  })

  it('change the version of the catalog', async () => {
    const versionOf = async (wanted: Wanted): Promise<string> => {
      const database = await shop(wanted, { policy: definePolicy() })
      const { version } = await database.catalog()
      await database.close()
      return version
    }

    expect(await versionOf({ columns: ['customers.name'] })).not.toBe(await versionOf(undefined))
  })

  it('are left out where they cannot be read', async () => {
    const engine = sqlite({ database: openShop() })
    const slow: DatabaseOptions['engine'] = {
      ...engine,
      read: (sql, caps, signal) => engine.read(sql, { ...caps, timeoutMs: -1 }, signal),
    }

    expect(await valuesOf({ columns: ['customers.name'] }, { engine: slow })).toEqual([])
  })

  it.for<Wanted>([
    { columns: ['customers.colour'] },
    { columns: [], maxValues: 0 },
    { columns: [], maxValues: 1_001 },
  ])('cannot be wanted as %j', async (wanted) => {
    await expect(shop(wanted)).rejects.toMatchObject({ code: 'DATABASE_OPTION_INVALID' })
  })

  it('outlive a column that is gone at the next look', async () => {
    const database = openShop()
    const engine = sqlite({ database: openShop() })
    database.exec('ALTER TABLE customers RENAME COLUMN name TO called')
    const changed = sqlite({ database })
    let current = engine
    const served = await shop(
      { columns: ['customers.name'] },
      {
        engine: {
          ...engine,
          introspect: (signal) => current.introspect(signal),
          read: (sql, caps, signal) => current.read(sql, caps, signal),
        },
      },
    )

    current = changed
    const { tables } = await served.refreshCatalog()

    await served.close()
    expect(JSON.stringify(tables)).not.toContain('sampleValues')
  })
})
