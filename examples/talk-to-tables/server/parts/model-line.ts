import type { OpenAiModelOptions } from '@t2t/llm-sql/openai'
import { Agent } from 'undici'

type Fetch = NonNullable<OpenAiModelOptions['fetch']>

/** Connections to model servers that stay open between calls. */
export interface ModelLine {
  readonly fetch: Fetch
  close(): Promise<void>
}

/** Costs a model call far less than the `fetch` of the platform does; redirects are not followed. */
export function createModelLine(): ModelLine {
  const agent = new Agent({ connections: 256, keepAliveTimeout: 60_000, headersTimeout: 0 })
  return {
    async fetch(address, { method, headers, body, signal }) {
      const { origin, pathname, search } = new URL(address)
      const path = `${pathname}${search}`
      const reply = await agent.request({ origin, path, method, headers, body, signal })
      return {
        status: reply.statusCode,
        headers: {
          get(name) {
            const found = reply.headers[name.toLowerCase()]
            return Array.isArray(found) ? found.join(', ') : (found ?? null)
          },
        },
        body: reply.body,
        text: () => reply.body.text(),
      }
    },
    close: () => agent.destroy(),
  }
}
