import { Pool } from 'undici'
import type { Child } from './child.ts'

/** What users met. */
export interface Load {
  readonly requests: number
  readonly errors: number
  readonly p50: number
  readonly p95: number
  readonly p99: number
  /** Processor time of the server for each request, in milliseconds. */
  readonly cpuMs: number
  readonly memoryMib: number
}

export interface LoadOptions {
  readonly url: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: object
  readonly users: number
  readonly seconds: number
  readonly server: Child
}

/** Lets users ask one question after the other, each as soon as the one before was answered. */
export async function loadOf(options: LoadOptions): Promise<Load> {
  const { url, path, headers, body, users, seconds, server } = options
  const pool = new Pool(url, { connections: users })
  const request = {
    path,
    method: 'POST' as const,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  }
  const tookMs: number[] = []
  let errors = 0
  const until = performance.now() + seconds * 1_000
  const cpuBefore = server.cpuMs()
  await Promise.all(
    Array.from({ length: users }, async () => {
      while (performance.now() < until) {
        const start = performance.now()
        try {
          const { statusCode, body: answer } = await pool.request(request)
          const text = await answer.text()
          if (statusCode !== 200 || !text.includes('"finish_reason":"stop"')) errors += 1
        } catch {
          errors += 1
        }
        tookMs.push(performance.now() - start)
      }
    }),
  )
  const cpuMs = (server.cpuMs() - cpuBefore) / tookMs.length
  const memoryMib = server.memoryMib()
  await pool.destroy()
  const sorted = tookMs.toSorted((a, b) => a - b)
  const at = (share: number): number => sorted[Math.floor(sorted.length * share)] ?? Number.NaN
  return {
    requests: sorted.length,
    errors,
    p50: at(0.5),
    p95: at(0.95),
    p99: at(0.99),
    cpuMs,
    memoryMib,
  }
}
