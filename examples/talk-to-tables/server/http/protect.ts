import type { MiddlewareHandler } from 'hono'
import { cors } from 'hono/cors'
import type { Application } from '../application.ts'
import { isLoopback } from '../config/loopback.ts'
import { files } from '../routes/page.ts'
import { HttpProblem } from './problem.ts'
import type { Server } from './server.ts'

type Middleware = MiddlewareHandler<Server>

/**
 * Refuses requests for another host and pages of other sites: a page must not reach this server by
 * rebinding its own name to it, nor with the rights of whoever looks at the page.
 */
export function protectHost(application: Application): Middleware {
  return async (c, next) => {
    const { server } = application.config
    const host = (c.req.header('host') ?? '').toLowerCase()
    const name = host.replace(/:\d+$/, '')
    if (!isLoopback(name) && !server.allowed_hosts.includes(name))
      throw new HttpProblem(403, 'host-refused', 'This server does not answer for that host.')
    const origin = c.req.header('origin')
    if (origin !== undefined && !isOwn(origin, host) && !originsOf(application).includes(origin))
      throw new HttpProblem(403, 'origin-refused', 'Pages of that origin may not call this server.')
    await next()
  }
}

/** Lets pages of listed origins call, and tells browsers so. */
export function allowOrigins(application: Application): Middleware {
  const answer = cors({
    origin: (origin) => (originsOf(application).includes(origin) ? origin : null),
    exposeHeaders: ['x-request-id', 'x-correlation-id', 'retry-after', 'retry-after-ms'],
    maxAge: 600,
  })
  return async (c, next) => {
    if (originsOf(application).length === 0) return next()
    return answer(c, next)
  }
}

function originsOf({ config }: Application): readonly string[] {
  return config.server.cors.map((url) => new URL(url).origin)
}

function isOwn(origin: string, host: string): boolean {
  return URL.canParse(origin) && new URL(origin).host === host
}

/** Ends what takes too long, and turns away what is too much at once. */
export function bound(application: Application): Middleware {
  let running = 0
  return async (c, next) => {
    const { request_timeout: seconds, max_concurrent: most } = application.config.server
    if (running >= most)
      throw new HttpProblem(503, 'too-busy', 'The server answers as much as it can.', [], 1_000)
    running += 1
    const timeout = new AbortController()
    const timer = setTimeout(
      () => timeout.abort(new HttpProblem(504, 'took-too-long', 'The answer took too long.')),
      seconds * 1_000,
    )
    const end = (): void => {
      clearTimeout(timer)
      running -= 1
    }
    const { signal } = c.req.raw
    c.set('signal', AbortSignal.any([signal, timeout.signal]))
    await next()
    const { body } = c.res
    if (body === null || !isStream(c.res)) return end()
    // A stream is under way as long as its body is.
    c.res = new Response(endingWith(body, end), c.res)
  }
}

function isStream({ headers }: Response): boolean {
  return headers.get('content-type')?.startsWith('text/event-stream') === true
}

function endingWith(body: ReadableStream<Uint8Array>, end: () => void): ReadableStream<Uint8Array> {
  const reader = body.getReader()
  return new ReadableStream({
    async pull(controller) {
      try {
        const { done, value } = await reader.read()
        if (!done) return controller.enqueue(value)
      } catch (error) {
        end()
        throw error
      }
      end()
      controller.close()
    },
    async cancel(reason) {
      end()
      await reader.cancel(reason)
    },
  })
}

/** Gives up on a body that does not come: whoever sends it byte by byte holds nothing up. */
export function hurry(application: Application): Middleware {
  return async (c, next) => {
    if (!['POST', 'PUT', 'PATCH'].includes(c.req.method)) return next()
    const ms = application.config.server.slow_body * 1_000
    const late = Promise.withResolvers<never>()
    const timer = setTimeout(
      () => late.reject(new HttpProblem(408, 'body-too-slow', 'The body did not come in time.')),
      ms,
    )
    try {
      // Read here, so that the routes behind find it whole.
      await Promise.race([c.req.arrayBuffer(), late.promise])
    } finally {
      clearTimeout(timer)
    }
    await next()
  }
}

/** Paths that answer without credentials. */
const openPaths: ReadonlySet<string> = new Set([
  ...files.map(([path]) => path),
  '/api/health/live',
  '/.well-known/oauth-protected-resource',
  '/.well-known/oauth-protected-resource/mcp',
])
/** Paths that tell more to those with credentials. */
const halfOpenPaths: ReadonlySet<string> = new Set([
  '/api/health',
  '/health',
  '/api/health/ready',
  '/ready',
])
const metricsPaths: ReadonlySet<string> = new Set([
  '/api/metrics',
  '/api/metrics/prometheus',
  '/metrics',
])

/** Finds out who asks; without that, only what is open to everybody is answered. */
export function authenticate(application: Application): Middleware {
  const refused = refusalsOf(application)
  return async (c, next) => {
    const { path } = c.req
    const { config } = application
    const isOpen = openPaths.has(path) || (metricsPaths.has(path) && config.metrics.public)
    if (isOpen) return next()
    const caller = await application.authenticate({ get: (name) => c.req.header(name) })
    if (caller !== undefined) c.set('caller', caller)
    else if (!halfOpenPaths.has(path)) {
      const wasGiven = c.req.header('authorization') ?? c.req.header('x-api-key')
      c.header('www-authenticate', challenge(application, wasGiven !== undefined))
      await refused(wasGiven === undefined ? 'no-credentials' : 'credentials-refused')
      throw new HttpProblem(
        401,
        'credentials-needed',
        'Send an API key or an access token that holds: Authorization: Bearer ….',
      )
    }
    if (path.startsWith('/api/admin/') || metricsPaths.has(path)) requireAdmin(c.var.caller)
    await next()
  }
}

/** Records of refused access in a minute; who has no credentials must not be able to fill a disk. */
const maxRecords = 60
const minuteMs = 60_000

/** Records refused access, and from some number on only how often it was. */
function refusalsOf(application: Application): (outcome: string) => Promise<void> {
  let [since, recorded, more] = [0, 0, 0]
  return async (outcome) => {
    const now = Date.now()
    if (now - since >= minuteMs) [since, recorded] = [now, 0]
    recorded += 1
    if (recorded > maxRecords) {
      more += 1
      return
    }
    const details = more > 0 ? { unrecorded: more } : undefined
    more = 0
    await application.audit({ caller: '', role: '', action: 'refused-access', outcome, details })
  }
}

/** @throws {@link HttpProblem} */
function requireAdmin(caller: Server['Variables']['caller'] | undefined): void {
  if (caller?.isAdmin !== true)
    throw new HttpProblem(403, 'role-refused', 'Your role may not see this.')
}

/** RFC 6750, section 3, with the place of the metadata of RFC 9728. */
function challenge({ config }: Application, wasGiven: boolean): string {
  const parts = ['realm="talk-to-tables"']
  if (wasGiven) parts.push('error="invalid_token"')
  if (config.auth.oidc !== undefined) {
    const address = new URL('/.well-known/oauth-protected-resource', publicUrlOf(config))
    parts.push(`resource_metadata="${address.href}"`)
  }
  return `Bearer ${parts.join(', ')}`
}

/** How callers reach the server. */
export function publicUrlOf({ server }: Application['config']): string {
  return server.public_url ?? `http://${server.host}:${server.port}`
}
