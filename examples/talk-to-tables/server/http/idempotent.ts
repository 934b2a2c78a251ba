import { createHash } from 'node:crypto'
import type { MiddlewareHandler } from 'hono'
import { HttpProblem } from './problem.ts'
import type { Server } from './server.ts'

interface Kept {
  readonly fingerprint: string
  readonly answer: Promise<{
    readonly status: number
    readonly type: string
    readonly body: string
  }>
  readonly until: number
}

const keepMs = 600_000
const maxKept = 1_000
/** A longer answer is not kept, and worked out again. */
const maxKeptCharacters = 65_536
const pathPattern = /^\/(?:api\/chat|v1\/(?:chat\/completions|responses))$/

/**
 * Gives the same answer to the same `Idempotency-Key` of a caller for ten minutes, and does the work
 * once: a client that did not hear the answer may ask again without paying twice. Streams are not kept.
 */
export function idempotent(now: () => number = Date.now): MiddlewareHandler<Server> {
  const all = new Map<string, Kept>()
  return async (c, next) => {
    const given = c.req.header('idempotency-key')
    if (given === undefined || c.req.method !== 'POST' || !pathPattern.test(c.req.path))
      return next()
    if (!/^[\x21-\x7e]{1,255}$/.test(given))
      throw new HttpProblem(
        400,
        'idempotency-key-invalid',
        'The key is 1 to 255 visible characters.',
      )
    const text = await c.req.text()
    const isStream = /"stream"\s*:\s*true/.test(text)
    if (isStream || (c.req.header('accept') ?? '').includes('text/event-stream')) return next()

    const key = JSON.stringify([c.var.caller.id, c.req.path, given])
    const fingerprint = createHash('sha256').update(text).digest('hex')
    const found = all.get(key)
    if (found !== undefined && found.until > now()) {
      if (found.fingerprint !== fingerprint)
        throw new HttpProblem(
          422,
          'idempotency-key-reused',
          'The key came with another body before.',
        )
      const { status, type, body } = await found.answer
      const headers = { 'content-type': type, 'idempotent-replayed': 'true' }
      return new Response(body, { status, headers })
    }
    const answered = Promise.withResolvers<Awaited<Kept['answer']>>()
    // Nobody may be waiting for it.
    answered.promise.catch(() => undefined)
    all.delete(key)
    all.set(key, { fingerprint, answer: answered.promise, until: now() + keepMs })
    for (const [oldest, { until }] of all) {
      if (all.size <= maxKept && until > now()) break
      all.delete(oldest)
    }
    try {
      await next()
      const { status } = c.res
      const type = c.res.headers.get('content-type') ?? 'application/json'
      const body = await c.res.clone().text()
      // What failed here may succeed the next time.
      const isPassing = status >= 500 || status === 429 || c.req.raw.signal.aborted
      if (isPassing || body.length > maxKeptCharacters) all.delete(key)
      answered.resolve({ status, type, body })
    } catch (error) {
      all.delete(key)
      answered.reject(error)
      throw error
    }
  }
}
