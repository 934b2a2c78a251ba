import { setImmediate } from 'node:timers/promises'
import { postgres, type PooledEngine } from '@t2t/database/postgres'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { canOwnServer, startOwnServer, type OwnServer } from './own-server.ts'

const calm = new AbortController().signal
const caps = { maxRows: 10, maxBytes: 10_000, timeoutMs: 60_000 }
const eternity = 'SELECT count(*) FROM generate_series(1, 100000000000)'

describe.skipIf(!canOwnServer())('postgres under faults', () => {
  let server: OwnServer
  let engine: PooledEngine

  beforeAll(async () => {
    server = await startOwnServer()
    engine = postgres({ url: server.url, maxConnections: 100 })
  }, 60_000)

  afterAll(async () => {
    await engine.close()
    await server.stop()
  })

  async function counted(sql: string): Promise<number> {
    const client = new pg.Client(server.url)
    await client.connect()
    const { rows } = await client.query<{ n: number }>(sql)
    await client.end()
    return rows[0]?.n ?? -1
  }

  const ours = "FROM pg_stat_activity WHERE application_name = 't2t'"

  async function atRest(): Promise<void> {
    for (;;) {
      const { size, idle } = engine.pool()
      if (size === idle) return
      await setImmediate()
    }
  }

  it('ends what many callers do not want any more', async () => {
    const controller = new AbortController()
    const readings = Array.from({ length: 20 }, () =>
      engine.read(eternity, caps, controller.signal).catch((error: unknown) => error),
    )
    while ((await counted(`SELECT count(*)::int AS n ${ours} AND state = 'active'`)) < 20) {
      await setImmediate()
    }

    controller.abort('enough')
    const ends = await Promise.all(readings)

    expect(ends).toEqual(Array.from({ length: 20 }, () => 'enough'))
    expect(await counted(`SELECT count(*)::int AS n ${ours} AND state = 'active'`)).toBe(0)
  }, 30_000)

  it('leaks no connection, whenever callers go', async () => {
    const texts = [
      'SELECT 1',
      'SELECT generate_series(1, 5000)',
      'SELECT pg_sleep(0.01)',
      'SELECT x',
    ]
    const readings = Array.from({ length: 300 }, async (_nothing, place) => {
      const controller = new AbortController()
      const reading = engine.read(texts[place % 4] ?? '', caps, controller.signal).then(
        () => 'rows',
        (error: unknown) => (error === 'left' ? 'left' : 'failed'),
      )
      for (let turn = 0; turn < place % 23; turn++) await setImmediate()
      controller.abort('left')
      return reading
    })

    const ends = await Promise.all(readings)
    await atRest()

    expect(new Set(ends)).toContain('left')
    expect(engine.pool()).toMatchObject({ waiting: 0 })
    expect((await engine.read('SELECT 7', caps, calm)).rows).toEqual([[7]])
    await atRest()
    const { size } = engine.pool()
    while ((await counted(`SELECT count(*)::int AS n ${ours}`)) > size) await setImmediate()
  }, 30_000)

  it('says so to every caller when the server dies, and reads again when it is back', async () => {
    const readings = Array.from({ length: 100 }, () =>
      engine.read('SELECT pg_sleep(60)', caps, calm).then(
        () => 'rows',
        (error: unknown) => error,
      ),
    )
    while ((await counted(`SELECT count(*)::int AS n ${ours} AND state = 'active'`)) < 100) {
      await setImmediate()
    }

    await server.killHard()
    const ends = await Promise.all(readings)
    const away = await engine.read('SELECT 7', caps, calm).catch((error: unknown) => error)
    await server.start()
    const back = await engine.read('SELECT 7', caps, calm)

    for (const end of [...ends, away]) {
      expect(end).toMatchObject({ code: 'DATABASE_UNAVAILABLE', retryable: true })
    }
    expect(back.rows).toEqual([[7]])
  }, 60_000)
})
