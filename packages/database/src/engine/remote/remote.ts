import type { Catalog, DialectName } from '@t2t/sql-guard'
import { DatabaseClosedError, DatabaseUnavailableError } from '../../errors/errors.ts'
import { startDeadline, watchDeadline, type Now } from '../../read/deadline.ts'
import type { ReadCaps, ReadResult } from '../../read/read.ts'
import type { Engine, ReadDecision } from '../engine.ts'
import { toError, type Answer, type Reply, type Request } from './protocol.ts'

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

/** A host, and whether it can be asked. */
interface Running {
  readonly host: Host
  readonly ready: Promise<void>
  isReady: boolean
}

interface Pending {
  readonly request: Request
  readonly settle: (reply: Reply) => void
  readonly fail: (error: unknown) => void
}

/** The time of a question, and the caps of a reading. */
interface Limits {
  readonly timeoutMs: number
  readonly caps?: ReadCaps | undefined
}

/** How long an engine may take to notice an abort before its host is ended, in milliseconds. */
const graceMs = 40

/** How long a host may take to start, and the time of questions of ours, in milliseconds. */
const ownTimeoutMs = 60_000
const own: Limits = { timeoutMs: ownTimeoutMs }

/**
 * An engine that runs elsewhere. The time of a reading begins when its host can be asked. A
 * statement that does not end in time takes its host with it; the other readings of that host begin
 * again on a new one.
 */
export function remoteEngine(
  dialect: DialectName,
  start: (listener: HostListener) => Host,
  now: Now,
): Engine {
  const pending = new Map<number, Pending>()
  const closing = new AbortController()
  let running: Running | undefined
  let lastId = 0
  let callers = 0

  const open = (): Running => {
    const { promise: ready, resolve, reject } = Promise.withResolvers<void>()
    ready.catch(() => undefined)
    const host = start({
      onAnswer(answer) {
        if (answer.kind !== 'ready') {
          pending.get(answer.id)?.settle(answer)
          return
        }
        opened.isReady = true
        resolve()
      },
      onGone() {
        const error = new DatabaseUnavailableError('The process of the database ended.')
        reject(error)
        if (running !== opened) return
        running = undefined
        for (const { fail } of pending.values()) fail(error)
      },
    })
    const opened: Running = { host, ready, isReady: false }
    host.keepAlive(callers > 0)
    return opened
  }

  /** Resolves with a host that can be asked. */
  const started = async (over: AbortSignal): Promise<Host> => {
    for (;;) {
      const current = (running ??= open())
      if (current.isReady) return current.host
      await untilReady(current, over, now)
    }
  }

  /** Ends the host that does not answer, and lets the others begin again. */
  const replace = async (): Promise<void> => {
    const stuck = running
    running = undefined
    await stuck?.host.kill()
    if (pending.size === 0) return
    try {
      const host = await started(closing.signal)
      for (const { request } of pending.values()) host.send(request)
    } catch (error) {
      for (const { fail } of pending.values()) fail(error)
    }
  }

  /** Asks a host that is ready. */
  const ask = async (
    host: Host,
    request: Request,
    { timeoutMs, caps }: Limits,
    over: AbortSignal,
  ): Promise<ReadResult | Catalog | undefined> => {
    const { id } = request
    const deadline = startDeadline(timeoutMs, over, now)
    const { promise, resolve, reject } = Promise.withResolvers<ReadResult | Catalog | undefined>()
    let reason: { readonly why: unknown } | undefined
    let impatience: NodeJS.Timeout | undefined

    pending.set(id, {
      request,
      settle(reply) {
        if (reason !== undefined) reject(reason.why)
        else if (reply.kind === 'done') resolve(reply.value)
        else reject(toError(reply.failure, caps))
      },
      fail: (error) => reject(reason === undefined ? error : reason.why),
    })
    host.send(request)
    const stop = watchDeadline(deadline, timeoutMs, over, (why) => {
      reason = { why }
      if (running?.isReady !== true) {
        // It waits for a new host, and nobody runs it.
        reject(why)
        return
      }
      running.host.send({ id, kind: 'abort' })
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
    }
  }

  const call = async (
    make: (id: number) => Request,
    limits: Limits,
    signal: AbortSignal,
  ): Promise<ReadResult | Catalog | undefined> => {
    if (closing.signal.aborted) throw new DatabaseClosedError()
    const over = AbortSignal.any([signal, closing.signal])
    over.throwIfAborted()
    callers += 1
    running?.host.keepAlive(true)
    try {
      const host = await started(over)
      return await ask(host, make((lastId += 1)), limits, over)
    } finally {
      callers -= 1
      if (callers === 0) running?.host.keepAlive(false)
    }
  }

  return {
    dialect,
    async read(sql, caps, signal, decided) {
      const value = await call(
        (id) => ({ id, kind: 'read', sql, caps, decided: decided && grantedBy(decided) }),
        { timeoutMs: caps.timeoutMs, caps },
        signal,
      )
      if (value === undefined || !('rows' in value)) throw strange()
      return value
    },
    async introspect(signal) {
      const value = await call((id) => ({ id, kind: 'introspect' }), own, signal)
      if (value === undefined || !('tables' in value)) throw strange()
      return value
    },
    async ping(signal) {
      await call((id) => ({ id, kind: 'ping' }), own, signal)
    },
    async close() {
      closing.abort(new DatabaseClosedError())
      const last = running
      running = undefined
      await last?.host.kill()
      for (const { fail } of pending.values()) fail(new DatabaseClosedError())
    },
  }
}

/** Resolves when a host can be asked; one that does not start in time is ended. */
async function untilReady({ host, ready }: Running, over: AbortSignal, now: Now): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  ready.then(resolve, reject)
  const deadline = startDeadline(ownTimeoutMs, over, now)
  const stop = watchDeadline(deadline, ownTimeoutMs, over, (why) => {
    reject(
      over.aborted
        ? why
        : new DatabaseUnavailableError('The process of the database did not start.'),
    )
    if (!over.aborted) void host.kill()
  })
  try {
    await promise
  } finally {
    stop()
  }
}

/** Only what the other side needs of a verdict. */
function grantedBy({ reads, allReads, functions }: ReadDecision): ReadDecision {
  return { reads, allReads, functions }
}

function strange(): Error {
  return new DatabaseUnavailableError('The process of the database gave no answer that fits.')
}
