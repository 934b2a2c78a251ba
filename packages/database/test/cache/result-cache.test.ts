import {
  createDatabase,
  type DatabaseOptions,
  type Engine,
  type RefreshableDatabase,
} from '@t2t/database'
import { sqlite } from '@t2t/database/sqlite'
import { describe, expect, it } from 'vitest'
import { openShop, shopPolicy } from '../databases/shop.ts'
import { hasSqlite } from '../engine/has-sqlite.ts'

/** A shop whose engine counts readings, and whose clock stands still until it is moved. */
async function shop(cache: DatabaseOptions['cache']) {
  const engine = sqlite({ database: openShop() })
  const counts = { readings: 0, now: 0 }
  const gate = Promise.withResolvers<void>()
  gate.resolve()
  const held = { until: gate.promise }
  const counted: Engine = {
    ...engine,
    async read(sql, caps, signal) {
      counts.readings += 1
      await held.until
      return engine.read(sql, caps, signal)
    },
  }
  const database: RefreshableDatabase = await createDatabase({
    name: 'shop',
    engine: counted,
    policy: shopPolicy,
    cache,
    now: () => counts.now,
  })
  return { database, counts, held }
}

const orders = 'SELECT id FROM orders'

describe.skipIf(!hasSqlite)('the result cache', () => {
  it('keeps nothing unless it is wanted', async () => {
    const { database, counts } = await shop(undefined)

    const outcomes = [await database.query(orders), await database.query(orders)]

    await database.close()
    expect(counts.readings).toBe(2)
    expect(outcomes.map((outcome) => 'ageMs' in outcome)).toEqual([false, false])
  })

  it('gives a result again, with its age, until it is too old', async () => {
    const { database, counts } = await shop({ ttlMs: 1_000 })

    const first = await database.query(orders)
    counts.now = 900
    const second = await database.query(orders)
    counts.now = 1_001
    const third = await database.query(orders)

    await database.close()
    expect(counts.readings).toBe(2)
    expect([first, second, third]).toMatchObject([
      { kind: 'rows', result: { rows: [[1], [2], [3]] } },
      { ageMs: 900, result: { rows: [[1], [2], [3]] } },
      { kind: 'rows' },
    ])
    expect(third).not.toHaveProperty('ageMs')
  })

  it('tells apart other texts and other caps, and asks the guard each time', async () => {
    const { database, counts } = await shop({ ttlMs: 1_000 })

    await database.query(orders)
    await database.query(orders, { maxRows: 1 })
    await database.query('SELECT total FROM orders')
    const refused = await database.query('SELECT email FROM customers')

    await database.close()
    expect(counts.readings).toBe(3)
    expect(refused.kind).toBe('refused')
  })

  it('has a time for a table, and the shortest one wins', async () => {
    const { database, counts } = await shop({ ttlMs: 1_000, ttlMsByTable: { orders: 0 } })

    for (const sql of [orders, orders, 'SELECT id FROM customers', 'SELECT id FROM customers']) {
      await database.query(sql)
    }

    await database.close()
    expect(counts.readings).toBe(3)
  })

  it('never keeps what reads no table', async () => {
    const { database, counts } = await shop({ ttlMs: 1_000 })

    await database.query('SELECT random()')
    await database.query('SELECT random()')

    await database.close()
    expect(counts.readings).toBe(2)
  })

  it('lets the oldest go when there is no room', async () => {
    const { database, counts } = await shop({ ttlMs: 1_000, maxBytes: 20 })

    await database.query(orders)
    await database.query('SELECT total FROM orders WHERE id < 3')
    await database.query(orders)

    await database.close()
    expect(counts.readings).toBe(3)
  })

  it('reads once for callers that ask at the same time, also when one of them leaves', async () => {
    const { database, counts, held } = await shop({ ttlMs: 1_000 })
    const gate = Promise.withResolvers<void>()
    held.until = gate.promise
    const controller = new AbortController()

    const leaving = database.query(orders, { signal: controller.signal })
    const staying = database.query(orders)
    controller.abort('left')
    gate.resolve()

    await expect(leaving).rejects.toBe('left')
    expect(await staying).toMatchObject({ result: { rows: [[1], [2], [3]] } })
    expect(counts.readings).toBe(1)
    await database.close()
  })

  it('ends a reading that nobody waits for any more, and keeps no failure', async () => {
    const { database, counts, held } = await shop({ ttlMs: 1_000 })
    const gate = Promise.withResolvers<void>()
    held.until = gate.promise
    const controller = new AbortController()

    const leaving = database.query(orders, { signal: controller.signal })
    controller.abort('left')
    gate.resolve()
    await expect(leaving).rejects.toBe('left')

    expect(await database.query(orders)).toMatchObject({ kind: 'rows' })
    expect(counts.readings).toBe(2)
    await database.close()
  })

  it.for([{ ttlMs: -1 }, { ttlMs: 1, maxBytes: 0 }, { ttlMs: 1, ttlMsByTable: { orders: 0.5 } }])(
    'cannot be made with %j',
    async (cache) => {
      await expect(shop(cache)).rejects.toMatchObject({ code: 'DATABASE_OPTION_INVALID' })
    },
  )
})
