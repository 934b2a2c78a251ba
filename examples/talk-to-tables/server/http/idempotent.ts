import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { MiddlewareHandler } from 'hono'
import { z } from 'zod'
import type { Application } from '../application.ts'
import type { Place } from '../shelf/shelf.ts'
import { HttpProblem } from './problem.ts'
import type { Server } from './server.ts'

const keepMs = 600_000
/** How often the answer that somebody else is working out is looked for, in milliseconds. */
const lookEveryMs = 50
/** A longer answer is not kept, and worked out again. */
const maxKeptCharacters = 65_536
const pathPattern = /^\/(?:api\/chat|v1\/(?:chat\/completions|responses))$/

const request = z.object({ fingerprint: z.string(), by: z.string() })
const answer = z.object({ status: z.int(), type: z.string(), body: z.string() })

/**
 * Gives the same answer to the same `Idempotency-Key` of a caller for ten minutes, and does the work
 * once: a client that did not hear the answer may ask again, at any process, without paying twice.
 * Streams are not kept.
 */
export function idempotent({
  shelf,
  rightsOf,
  config,
}: Pick<Application, 'shelf' | 'rightsOf' | 'config'>): MiddlewareHandler<Server> {
  const workMs = config.server.request_timeout * 1_000
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

    const { caller, requestId: by, signal } = c.var
    const place: Place = {
      owner: caller.id,
      name: `answer ${c.req.path} ${given} ${rightsOf(caller)}`,
    }
    const fingerprint = createHash('sha256').update(text).digest('hex')
    const asked = JSON.stringify({ fingerprint, by })
    while (!(await shelf.claim(place, { asked }, workMs))) {
      const [first, done] = await shelf.get(place, ['asked', 'answer'])
      if (first === undefined) {
        // No room for it, or what was there has just ended: an answer is worth more than its copy.
        if (await shelf.claim(place, { asked }, workMs)) break
        return next()
      }
      if (request.parse(JSON.parse(first)).fingerprint !== fingerprint)
        throw new HttpProblem(
          422,
          'idempotency-key-reused',
          'The key came with another body before.',
        )
      if (done !== undefined) {
        const { status, type, body } = answer.parse(JSON.parse(done))
        const headers = { 'content-type': type, 'idempotent-replayed': 'true' }
        return new Response(body, { status, headers })
      }
      await sleep(lookEveryMs, undefined, { signal })
    }
    try {
      await next()
      const { status } = c.res
      const type = c.res.headers.get('content-type') ?? 'application/json'
      const body = await c.res.clone().text()
      // What failed here may succeed the next time.
      const isPassing = status >= 500 || status === 429 || c.req.raw.signal.aborted
      if (isPassing || body.length > maxKeptCharacters) await shelf.clear(place)
      else {
        const pieces = { asked, answer: JSON.stringify({ status, type, body }) }
        if (!(await shelf.put(place, pieces, keepMs))) await shelf.clear(place)
      }
    } catch (error) {
      await shelf.clear(place)
      throw error
    }
  }
}
