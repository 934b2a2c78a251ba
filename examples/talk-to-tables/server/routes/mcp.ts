import type { OpenAPIHono } from '@hono/zod-openapi'
import { z } from 'zod'
import type { Application } from '../application.ts'
import { publicUrlOf } from '../http/protect.ts'
import type { Server } from '../http/server.ts'

const message = z.looseObject({ method: z.string().max(100).catch('response') })

/** The databases as an MCP server, over streamable HTTP, with the rights and limits of the caller. */
export function mcpRoutes(app: OpenAPIHono<Server>, application: Application): void {
  app.all('/mcp', async (c) => {
    const { raw } = c.req
    if (raw.method !== 'POST') return application.mcp(c.var.caller, raw)
    const body = await c.req.text()
    const { headers, signal } = raw
    const again = new Request(raw.url, { method: 'POST', headers, body, signal })
    return application.mcp(c.var.caller, again, methodOf(body))
  })

  // RFC 9728: where a client gets the tokens that this server takes.
  for (const path of ['', '/mcp']) {
    app.get(`/.well-known/oauth-protected-resource${path}`, (c) => {
      const { oidc } = application.config.auth
      if (oidc === undefined) return c.notFound()
      return c.json({
        resource: new URL('/mcp', publicUrlOf(application.config)).href,
        authorization_servers: [oidc.issuer],
        bearer_methods_supported: ['header'],
        resource_name: 'talk-to-tables',
      })
    })
  }
}

/** What a client asks for; a batch, which older clients may send, counts as a call. */
function methodOf(body: string): string {
  try {
    const value: unknown = JSON.parse(body)
    return Array.isArray(value) ? 'tools/call' : (message.safeParse(value).data?.method ?? 'none')
  } catch {
    return 'none'
  }
}
