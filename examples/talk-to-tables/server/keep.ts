import type { Application } from './application.ts'
import { serveHttp } from './http/serving.ts'
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
  const told = toldToEnd()
  const server = await serveHttp(application, { port })
  const body = `'{"query": "total sales by store last month"}'`
  write(`
${bold('Open')}     ${server.url}
${dim('ask')}      curl -s ${server.url}/api/chat -H 'content-type: application/json' -d ${body}
${dim('routes')}   ${server.url}/openapi.json
${dim('OpenAI')}   ${server.url}/v1
${dim('metrics')}  ${server.url}/metrics
${dim('health')}   ${server.url}/health
${dim('MCP')}      ${application.databaseUrl}

Press Ctrl+C to stop.
`)
  await told
  await server.close()
}

/** Ends when the process is told to end; who tells it twice does not want to wait. */
function toldToEnd(): Promise<void> {
  return new Promise((resolve) => {
    const stop = (): void => {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) {
        process.removeListener(signal, stop)
        process.once(signal, () => process.exit(1))
      }
      resolve()
    }
    process.on('SIGINT', stop)
    process.on('SIGTERM', stop)
  })
}
