import type { Application } from './application.ts'
import { serveHttp } from './http.ts'
import { bold, dim } from '../terminal/style.ts'

/** The port that the environment asks for, 8001 without one. */
export function portFrom(environment: NodeJS.ProcessEnv): number | undefined {
  const given = environment['PORT'] ?? '8001'
  const port = Number(given)
  return given !== '' && Number.isInteger(port) && port >= 0 && port <= 65_535 ? port : undefined
}

/** Serves the application until the process is told to end. */
export async function keepServing(
  application: Application,
  port: number,
  write: (text: string) => void,
): Promise<void> {
  const server = await serveHttp(application, port)
  const body = `'{"question": "total sales by store last month"}'`
  write(`
${bold('Open')}     ${server.url}
${dim('ask')}      curl -s ${server.url}/api/ask -H 'content-type: application/json' -d ${body}
${dim('metrics')}  ${server.url}/metrics
${dim('health')}   ${server.url}/health
${dim('MCP')}      ${application.databaseUrl}

Press Ctrl+C to stop.
`)
  await new Promise<void>((resolve) => {
    process.once('SIGINT', () => resolve())
    process.once('SIGTERM', () => resolve())
  })
  await server.close()
}
