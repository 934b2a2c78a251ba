import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Server } from '../http/server.ts'

const folder = join(import.meta.dirname, '..', '..', 'page')
/** Each answers without credentials: they hold nothing but the page. */
export const files = [
  ['/', 'index.html', 'text/html'],
  ['/routes', 'routes.html', 'text/html'],
  ['/routes.js', 'routes.js', 'text/javascript'],
  ['/page.css', 'page.css', 'text/css'],
  ['/page.js', 'page.js', 'text/javascript'],
  ['/access.js', 'access.js', 'text/javascript'],
  ['/answer.js', 'answer.js', 'text/javascript'],
  ['/element.js', 'element.js', 'text/javascript'],
  ['/events.js', 'events.js', 'text/javascript'],
  ['/steps.js', 'steps.js', 'text/javascript'],
] as const

/** The page to ask from. */
export function pageRoutes(app: OpenAPIHono<Server>): void {
  for (const [path, file, type] of files) {
    app.get(path, (c) =>
      c.body(readFileSync(join(folder, file)), 200, { 'content-type': `${type}; charset=utf-8` }),
    )
  }
}
