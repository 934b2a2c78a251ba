import { setImmediate } from 'node:timers/promises'
import {
  createDatabase,
  type DatabaseEvent,
  type Engine,
  type Now,
  type PooledEngine,
  type PoolFigures,
} from '@t2t/database'
import { definePolicy } from '@t2t/sql-guard'
import { expect, it } from 'vitest'

/** An engine that talks to a server, and what its tests need to know of that server. */
export interface ServerSubject {
  open(options?: {
    readonly url?: string | undefined
    readonly maxConnections?: number | undefined
    readonly now?: Now | undefined
  }): PooledEngine
  /** Computes for hours. */
  readonly eternity: string
  /** How often `eternity` runs on the server. */
  running(): Promise<number>
  /** A statement that gives the server's name for a connection. */
  readonly connectionId: string
  /** Ends a connection on the server. */
  end(connectionId: unknown): Promise<void>
  /** Where no server is; its password is `hush`. */
  readonly away: string
  /** A database that the server does not have. */
  readonly unknown: string
}

const calm = new AbortController().signal
const caps = { maxRows: 10, maxBytes: 10_000, timeoutMs: 60_000 }

/** Connections are made clean behind the caller's back; then they are idle. */
export async function atRest(engine: Engine | PooledEngine): Promise<void> {
  for (;;) {
    if (!('pool' in engine)) return
    const { size, idle } = engine.pool()
    if (size === idle) return
    await setImmediate()
  }
}

/** Resolves when a look at the server gives what is expected. */
export async function until(look: () => Promise<boolean>): Promise<void> {
  while (!(await look())) await setImmediate()
}

/** What every engine with a server behind it does, besides the contract. */
export function itBehavesAsServerEngine(subject: ServerSubject): void {
  const { eternity } = subject
  const running = (): Promise<number> => subject.running()

  it('cancels on the server what a caller does not want any more', async () => {
    const engine = subject.open()
    const controller = new AbortController()

    const reading = engine.read(eternity, caps, controller.signal)
    await until(async () => (await running()) > 0)
    controller.abort('enough')

    await expect(reading).rejects.toBe('enough')
    // MariaDB lists a statement for a moment after it has told that it ended.
    await until(async () => (await running()) === 0)
    await engine.close()
  })

  it('cancels on the server what takes too long', async () => {
    const engine = subject.open()

    const reading = engine.read(eternity, { ...caps, timeoutMs: 50 }, calm)

    await expect(reading).rejects.toMatchObject({ code: 'DATABASE_QUERY_TIMED_OUT' })
    await until(async () => (await running()) === 0)
    await engine.close()
  })

  it('has at most as many connections as it may, and lets callers wait', async () => {
    const engine = subject.open({ maxConnections: 2 })
    const controller = new AbortController()

    const readings = [1, 2].map(() => engine.read(eternity, caps, controller.signal))
    const third = engine.read('SELECT 3', caps, calm)
    await until(async () => (await running()) === 2)
    const figures = engine.pool()
    controller.abort('enough')
    await Promise.allSettled(readings)

    expect(figures).toEqual({ size: 2, idle: 0, waiting: 1, maxConnections: 2 })
    expect((await third).rows).toEqual([[3]])
    await engine.close()
    expect(engine.pool()).toMatchObject({ size: 0, waiting: 0 })
  })

  it('tells every change of its pool, up to the end', async () => {
    const engine = subject.open({ maxConnections: 1 })
    const heard: PoolFigures[] = []
    const stop = engine.onPoolChange((figures) => heard.push(figures))

    await Promise.all([engine.ping(calm), engine.ping(calm)])
    await atRest(engine)
    const used = heard.splice(0)
    await engine.close()
    stop()

    const plain = used.map(({ size, idle, waiting }) => [size, idle, waiting])
    expect(plain[0]).toEqual([0, 0, 1])
    expect(plain).toContainEqual([1, 0, 1])
    expect(plain.at(-1)).toEqual([1, 1, 0])
    expect(heard.at(-1)).toEqual({ size: 0, idle: 0, waiting: 0, maxConnections: 1 })
  })

  it('tells of its pool as the events and the health of a database', async () => {
    const events: DatabaseEvent[] = []
    const database = await createDatabase({
      name: 'shop',
      engine: subject.open({ maxConnections: 3 }),
      policy: definePolicy(),
      onEvent: (event) => events.push(event),
    })

    await database.query('SELECT count(*) FROM moons')
    const figures = database.pool()
    await database.close()

    expect(figures).toMatchObject({ maxConnections: 3, waiting: 0 })
    const { dialect } = database
    expect(events.slice(-2)).toEqual([
      {
        type: 'pool-changed',
        database: 'shop',
        dialect,
        size: 0,
        idle: 0,
        waiting: 0,
        maxConnections: 3,
      },
      { type: 'database-closed', database: 'shop', dialect },
    ])
  })

  it('uses a connection again, and never one that was lost', async () => {
    const engine = subject.open()
    const id = async (): Promise<unknown> => {
      const { rows } = await engine.read(subject.connectionId, caps, calm)
      await atRest(engine)
      return rows[0]?.[0]
    }

    const [one, other] = [await id(), await id()]
    await subject.end(other)
    const failures: unknown[] = []
    await until(async () => {
      const found = await id().catch((error: unknown) => {
        failures.push(error)
        return other
      })
      return found !== other
    })

    expect(other).toBe(one)
    for (const failure of failures) {
      expect(failure).toMatchObject({ code: 'DATABASE_UNAVAILABLE', retryable: true })
    }
    await engine.close()
  })

  it('says whether a server that does not serve us may do so later', async () => {
    const engines = [subject.away, subject.unknown].map((url) => subject.open({ url }))

    const [away, unknown] = await Promise.all(
      engines.map((engine) => engine.ping(calm).catch((error: unknown) => error)),
    )

    await Promise.all(engines.map((engine) => engine.close()))
    expect(away).toMatchObject({ code: 'DATABASE_UNAVAILABLE', retryable: true })
    expect(unknown).toMatchObject({ code: 'DATABASE_UNAVAILABLE', retryable: false })
    expect(String(away)).not.toContain('hush')
  })
}
