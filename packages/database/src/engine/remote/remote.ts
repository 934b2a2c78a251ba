import type { Catalog, DialectName } from '@t2t/sql-guard'
import { DatabaseClosedError, DatabaseUnavailableError } from '../../errors/errors.ts'
import { startDeadline, watchDeadline, type Now } from '../../read/deadline.ts'
import type { ReadCaps, ReadResult } from '../../read/read.ts'
import type { Engine, ReadDecision } from '../engine.ts'
import { toError, type Answer, type Request } from './protocol.ts'

/** A process or thread that runs an engine, and can be ended whatever it does. */
export interface Host {
  send(request: Request): void
  /** Ends it at once; resolves when it is gone. */
  kill(): Promise<void>
  /** Says whether the program should wait for this host. */
  keepAlive(isNeeded: boolean): void
}

/** What a host tells. */
export interface HostListener {
  readonly onAnswer: (answer: Answer) => void
  readonly onGone: () => void
}

interface Pending {
  readonly request: Request
  readonly settle: (answer: Answer) => void
  readonly fail: (error: unknown) => void
}

/** How long an engine may take to notice an abort before its host is ended, in milliseconds. */
const graceMs = 40

/** The time of questions of ours, in milliseconds. */
const ownTimeoutMs = 60_000

/**
 * An engine that runs elsewhere. A statement that does not end in time takes its host with it; the
 * other readings of that host begin again on a new one.
 */
export function remoteEngine(
  dialect: DialectName,
  start: (listener: HostListener) => Host,
  now: Now,
): Engine {
  const pending = new Map<number, Pending>()
  const closing = new AbortController()
  let host: Host | undefined
  let lastId = 0

  const open = (): Host => {
    const started: Host = start({
      onAnswer(answer) {
        pending.get(answer.id)?.settle(answer)
      },
      onGone() {
        if (host !== started) return
        host = undefined
        for (const { fail } of pending.values()) {
          fail(new DatabaseUnavailableError('The process of the database ended.'))
        }
      },
    })
    return started
  }

  /** Ends the host that does not answer, and lets the others begin again. */
  const replace = async (): Promise<void> => {
    const stuck = host
    host = undefined
    await stuck?.kill()
    if (pending.size === 0 || closing.signal.aborted) return
    host ??= open()
    for (const { request } of pending.values()) host.send(request)
    host.keepAlive(true)
  }

  const call = async (
    make: (id: number) => Request,
    timeoutMs: number,
    signal: AbortSignal,
    caps?: ReadCaps,
  ): Promise<ReadResult | Catalog | undefined> => {
    if (closing.signal.aborted) throw new DatabaseClosedError()
    const over = AbortSignal.any([signal, closing.signal])
    over.throwIfAborted()
    const deadline = startDeadline(timeoutMs, over, now)
    const id = (lastId += 1)
    const request = make(id)
    const { promise, resolve, reject } = Promise.withResolvers<ReadResult | Catalog | undefined>()
    let reason: { readonly why: unknown } | undefined
    let impatience: NodeJS.Timeout | undefined

    pending.set(id, {
      request,
      settle(answer) {
        if (reason !== undefined) reject(reason.why)
        else if (answer.kind === 'done') resolve(answer.value)
        else reject(toError(answer.failure, caps))
      },
      fail: (error) => reject(reason === undefined ? error : reason.why),
    })
    host ??= open()
    host.keepAlive(true)
    host.send(request)
    const stop = watchDeadline(deadline, timeoutMs, over, (why) => {
      reason = { why }
      host?.send({ id, kind: 'abort' })
      impatience = setTimeout(() => {
        pending.delete(id)
        void replace().finally(() => reject(why))
      }, graceMs)
    })
    try {
      return await promise
    } finally {
      stop()
      clearTimeout(impatience)
      pending.delete(id)
      if (pending.size === 0) host?.keepAlive(false)
    }
  }

  return {
    dialect,
    async read(sql, caps, signal, decided) {
      const value = await call(
        (id) => ({ id, kind: 'read', sql, caps, decided: decided && grantedBy(decided) }),
        caps.timeoutMs,
        signal,
        caps,
      )
      if (value === undefined || !('rows' in value)) throw strange()
      return value
    },
    async introspect(signal) {
      const value = await call((id) => ({ id, kind: 'introspect' }), ownTimeoutMs, signal)
      if (value === undefined || !('tables' in value)) throw strange()
      return value
    },
    async ping(signal) {
      await call((id) => ({ id, kind: 'ping' }), ownTimeoutMs, signal)
    },
    async close() {
      closing.abort(new DatabaseClosedError())
      const last = host
      host = undefined
      await last?.kill()
      for (const { fail } of pending.values()) fail(new DatabaseClosedError())
    },
  }
}

/** Only what the other side needs of a verdict. */
function grantedBy({ reads, allReads, functions }: ReadDecision): ReadDecision {
  return { reads, allReads, functions }
}

function strange(): Error {
  return new DatabaseUnavailableError('The process of the database gave no answer that fits.')
}
