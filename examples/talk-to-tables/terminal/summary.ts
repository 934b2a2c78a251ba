import type { SessionStatistics } from '@t2t/sessions'
import type { Application } from '../server/application.ts'
import { bold, dim, green, indent, red } from './style.ts'

/** Writes what happened: metrics as Prometheus reads them, the conversation, and how the parts are. */
export async function drawSummary(
  application: Application,
  statistics: SessionStatistics,
): Promise<string> {
  const health = await application.health()
  const checks = Object.entries(health.checks).map(
    ([name, { status, reason }]) => `${name} ${status}${reason === undefined ? '' : `: ${reason}`}`,
  )
  const tools = statistics.tools.map(
    ({ tool, calls, failures }) => `${calls} ${tool} (${failures} refused)`,
  )
  return [
    `${bold('Metrics')}  ${dim('without histogram buckets; npm start serves all of them at /metrics')}`,
    withoutBuckets(application.metrics()),
    '',
    `${bold('Conversation')}  ${statistics.messages.user} questions, ${statistics.messages.assistant} answers, ${tools.join(', ') || 'nothing run'}`,
    `${bold('Health')}  ${health.status === 'healthy' ? green(health.status) : red(health.status)}`,
    indent(checks.join('\n'), 2),
  ].join('\n')
}

/** Leaves out the buckets, and every metric of which nothing else is there. */
function withoutBuckets(text: string): string {
  const blocks = text.trimEnd().split(/^(?=# HELP)/m)
  return blocks
    .map((block) =>
      block
        .trimEnd()
        .split('\n')
        .filter((line) => !/^\w+_bucket\{/.test(line)),
    )
    .filter((lines) => lines.some((line) => !line.startsWith('#')))
    .map((lines) => lines.join('\n'))
    .join('\n')
}
