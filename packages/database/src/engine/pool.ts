import { DatabaseClosedError } from '../errors/errors.ts'
import type { Engine } from './engine.ts'

/** How many connections an engine has, and how many callers wait for one. */
export interface PoolFigures {
  /** Open connections, those that are being opened included. */
  readonly size: number
  /** Connections that nobody uses now. */
  readonly idle: number
  /** Callers that wait for a connection. */
  readonly waiting: number
  /** The most connections that there can be. */
  readonly maxConnections: number
}

/** An {@link Engine} with a pool of connections. */
export interface PooledEngine extends Engine {
  pool(): PoolFigures
  /** Calls `listener` after every change of the figures, from then on; gives what ends that. */
  onPoolChange(listener: PoolListener): () => void
}

/** Receives the figures of a pool after they changed. It must not throw. */
export type PoolListener = (figures: PoolFigures) => void

/** Tells an engine with a pool from one without. */
export function isPooled(engine: Engine): engine is PooledEngine {
  return 'pool' in engine && typeof engine.pool === 'function'
}

/** What a pool must know about its connections. */
export interface PoolOptions<Connection> {
  readonly maxConnections: number
  /** How long an unused connection stays open, in milliseconds. */
  readonly idleMs: number
  readonly open: () => Promise<Connection>
  readonly isUsable: (connection: Connection) => boolean
  /** Must not reject. */
  readonly close: (connection: Connection) => Promise<void>
}

/** Connections that callers use one after the other. */
export interface Pool<Connection> {
  /** Gives a connection, in the order of asking; rejects with the signal's reason while waiting. */
  acquire(signal: AbortSignal): Promise<Connection>
  /** Takes a connection back; one that is not `reusable` is closed. */
  release(connection: Connection, reusable: boolean): Promise<void>
  figures(): PoolFigures
  onChange(listener: PoolListener): () => void
  /** Turns waiting callers away and resolves when every connection is back and closed. */
  close(): Promise<void>
}

interface Waiting<Connection> {
  readonly give: (connection: Connection) => void
  readonly fail: (error: unknown) => void
}

/** Creates an empty pool; connections are opened when they are needed. */
export function createPool<Connection>(options: PoolOptions<Connection>): Pool<Connection> {
  const { maxConnections, idleMs, open, isUsable, close } = options
  const idle: { readonly connection: Connection; readonly timer: NodeJS.Timeout }[] = []
  const queue: Waiting<Connection>[] = []
  const listeners = new Set<PoolListener>()
  let size = 0
  let closing: PromiseWithResolvers<void> | undefined

  const figures = (): PoolFigures => ({
    size,
    idle: idle.length,
    waiting: queue.length,
    maxConnections,
  })
  const changed = (): void => {
    for (const listener of listeners) listener(figures())
  }

  const gone = (): void => {
    size -= 1
    changed()
    if (closing !== undefined && size === 0) closing.resolve()
  }

  const drop = async (connection: Connection): Promise<void> => {
    await close(connection)
    gone()
    grow()
  }

  /** Opens a connection for the caller that waits longest, while there is room. */
  const grow = (): void => {
    if (queue.length === 0 || size >= maxConnections || closing !== undefined) return
    size += 1
    changed()
    open().then(
      (connection) => handOn(connection),
      (error: unknown) => {
        gone()
        queue.shift()?.fail(error)
        changed()
        grow()
      },
    )
  }

  const handOn = (connection: Connection): void => {
    if (closing !== undefined || !isUsable(connection)) {
      void drop(connection)
      return
    }
    const next = queue.shift()
    if (next !== undefined) {
      next.give(connection)
      changed()
      return
    }
    const timer = setTimeout(() => {
      idle.splice(
        idle.findIndex((kept) => kept.connection === connection),
        1,
      )
      changed()
      void drop(connection)
    }, idleMs)
    timer.unref()
    idle.push({ connection, timer })
    changed()
  }

  const takeIdle = (): Connection | undefined => {
    for (let kept = idle.pop(); kept !== undefined; kept = idle.pop()) {
      clearTimeout(kept.timer)
      if (isUsable(kept.connection)) return kept.connection
      void drop(kept.connection)
    }
    return undefined
  }

  return {
    async acquire(signal) {
      signal.throwIfAborted()
      if (closing !== undefined) throw new DatabaseClosedError()
      const hadIdle = idle.length > 0
      const kept = takeIdle()
      if (hadIdle) changed()
      if (kept !== undefined) return kept

      const { promise, resolve, reject } = Promise.withResolvers<Connection>()
      const leave = (): void => {
        queue.splice(queue.indexOf(waiting), 1)
        changed()
        reject(signal.reason)
      }
      const waiting: Waiting<Connection> = {
        give(connection) {
          signal.removeEventListener('abort', leave)
          resolve(connection)
        },
        fail(error) {
          signal.removeEventListener('abort', leave)
          reject(error)
        },
      }
      signal.addEventListener('abort', leave, { once: true })
      queue.push(waiting)
      changed()
      grow()
      return promise
    },
    async release(connection, reusable) {
      if (reusable) handOn(connection)
      else await drop(connection)
    },
    figures,
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async close() {
      if (closing === undefined) {
        closing = Promise.withResolvers()
        for (const { fail } of queue.splice(0)) fail(new DatabaseClosedError())
        for (const { connection, timer } of idle.splice(0)) {
          clearTimeout(timer)
          void drop(connection)
        }
        changed()
        if (size === 0) closing.resolve()
      }
      await closing.promise
    },
  }
}
