import { isLoopback } from './config/loopback.ts'
import type { Application } from './application.ts'
import { serveHttp } from './http/serving.ts'
import { bold, dim } from '../terminal/style.ts'

export interface KeepOptions {
  /** @defaultValue what the configuration says */
  readonly port?: number | undefined
  readonly write: (text: string) => void
}

/** Serves the application until the process is told to end. */
export async function keepServing(
  application: Application,
  { port, write }: KeepOptions,
): Promise<void> {
  const told = toldToEnd()
  await checkRoles(application)
  const server = await serveHttp(application, { port })
  const hasUsers = application.config.auth.anonymous === undefined
  const key = hasUsers ? " -H 'authorization: Bearer YOUR-KEY'" : ''
  const body = `'{"query": "total sales by store last month"}'`
  write(`
${bold('Open')}     ${server.url}
${dim('ask')}      curl -s ${server.url}/api/chat${key} -H 'content-type: application/json' -d ${body}
${dim('routes')}   ${server.url}/routes
${dim('OpenAI')}   ${server.url}/v1
${dim('metrics')}  ${server.url}/metrics
${dim('health')}   ${server.url}/health
${dim('MCP')}      ${server.url}/mcp

Press Ctrl+C to stop.
`)
  await told
  await server.close()
}

/**
 * A role that can write would be all that is left once guard and session are overcome.
 *
 * @throws `Error` when a network address would be served with such a role.
 */
async function checkRoles(application: Application): Promise<void> {
  const { host, allow_writable_roles: isAllowed } = application.config.server
  if (isLoopback(host) || isAllowed) return
  for (const { workspace } of application.workspaces()) {
    for (const database of workspace.databases) {
      const { canWrite, findings } = await database.posture()
      if (!canWrite) continue
      const why = findings.find(({ writes }) => writes)
      const what = why === undefined ? 'can write' : `has ${why.code} ${why.subject}`
      throw new Error(
        `The role of the database ${database.name} ${what}: use one that only reads, or say server.allow_writable_roles.`,
      )
    }
  }
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
