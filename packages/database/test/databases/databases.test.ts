import { DatabaseSync } from 'node:sqlite'
import { createDatabases, type DatabaseOptions, type Databases, type Engine } from '@t2t/database'
import { sqlite } from '@t2t/database/sqlite'
import { definePolicy } from '@t2t/sql-guard'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { hasSqlite } from '../engine/has-sqlite.ts'

const statements = {
  shop: `CREATE TABLE customers (id BIGINT, name TEXT, city TEXT);
    CREATE TABLE orders (id BIGINT, customer_id BIGINT, total BIGINT);
    INSERT INTO customers VALUES (1, 'Ada', 'Berlin')`,
  staff: `CREATE TABLE employees (id BIGINT, name TEXT, hired DATE);
    CREATE TABLE salaries (id BIGINT, amount BIGINT)`,
} as const

function options(name: keyof typeof statements, engine?: Engine): DatabaseOptions {
  return {
    name,
    engine: engine ?? sqlite({ database: filled(statements[name]) }),
    policy: definePolicy({ tables: { block: ['salaries'] } }),
    ...(name === 'shop' ? { sampleValues: { columns: ['customers.city'] } } : {}),
  }
}

function filled(sql: string): DatabaseSync {
  const database = new DatabaseSync(':memory:')
  database.exec(sql)
  return database
}

describe.skipIf(!hasSqlite)('several databases', () => {
  let databases: Databases

  beforeEach(async () => {
    databases = await createDatabases([options('shop'), options('staff')])
  })

  afterEach(() => databases.close())

  it('are found by name', async () => {
    expect([...databases].map(({ name }) => name)).toEqual(['shop', 'staff'])
    expect(await databases.get('staff')?.query('SELECT count(*) FROM employees')).toMatchObject({
      result: { rows: [[0]] },
    })
    expect(databases.get('other')).toBeUndefined()
  })

  it('are added and removed while others are used', async () => {
    expect(await databases.remove('staff')).toBe(true)
    expect(await databases.remove('staff')).toBe(false)

    const added = await databases.add(options('staff'))

    expect(databases.get('staff')).toBe(added)
  })

  it('have different names, also while they are opened', async () => {
    const taken = { code: 'DATABASE_OPTION_INVALID', message: expect.stringContaining('already') }
    await databases.remove('staff')

    const [one, other] = await Promise.allSettled([
      databases.add(options('staff')),
      databases.add(options('staff')),
    ])

    expect(one.status).toBe('fulfilled')
    expect(other).toMatchObject({ reason: taken })
    await expect(databases.add(options('shop'))).rejects.toMatchObject(taken)
  })

  it('say which of them a question means, and why', async () => {
    const { kind, ...rest } = await databases.route('How many orders came from Berlin?')

    expect(kind).toBe('one')
    expect(rest).toMatchObject({
      database: {
        name: 'shop',
        words: [
          { word: 'berlin', foundIn: 'value', subject: 'customers.city' },
          { word: 'order', foundIn: 'table', subject: 'orders' },
        ],
      },
    })
  })

  it('say when more than one fits', async () => {
    expect(await databases.route('List every name')).toMatchObject({
      kind: 'several',
      databases: [{ name: 'shop' }, { name: 'staff' }],
    })
  })

  it('say when none of them knows a word, also one that is hidden', async () => {
    expect(await databases.route('What is the weather?')).toEqual({ kind: 'none' })
    expect(await databases.route('salaries')).toEqual({ kind: 'none' })
  })

  it('say how they are', async () => {
    const engine = sqlite({ database: filled(statements.staff) })
    await databases.remove('staff')
    await databases.add(options('staff', engine))
    await engine.close()

    const health = await databases.health()

    expect(health).toMatchObject([
      { name: 'shop', dialect: 'sqlite', isHealthy: true },
      { name: 'staff', dialect: 'sqlite', isHealthy: false, code: 'DATABASE_CLOSED' },
    ])
  })

  it('fail together when one cannot be opened', async () => {
    const engine = sqlite({ database: filled(statements.shop) })

    const failure = createDatabases([
      options('shop', engine),
      { ...options('staff'), name: 'not a name' },
    ])

    await expect(failure).rejects.toMatchObject({ code: 'DATABASE_OPTION_INVALID' })
    await expect(engine.ping(new AbortController().signal)).rejects.toMatchObject({
      code: 'DATABASE_CLOSED',
    })
  })

  it('take nothing in after they were closed', async () => {
    await databases.close()

    await expect(databases.add(options('shop'))).rejects.toMatchObject({ code: 'DATABASE_CLOSED' })
    expect([...databases]).toEqual([])
  })
})
