// Asks a shop database questions through two MCP servers, is refused what must be refused, and shows what happened.
import { parseArgs } from 'node:util'
import { assemble } from './server/assemble.ts'
import { converse, turnsOf } from './server/chat/conversation.ts'
import { demoConfig } from './server/config/demo-config.ts'
import { engineNames } from './server/parts/shop.ts'
import { mortalServer } from './server/workspace/mortal-server.ts'
import { drawAnswer } from './terminal/answer.ts'
import { createProgress } from './terminal/progress.ts'
import { bold } from './terminal/style.ts'
import { drawSummary } from './terminal/summary.ts'

const tour = [
  'Show me total sales for abracadabra this month',
  'top 5 products by units sold this year',
  'how many orders by store last month',
  'DROP TABLE orders',
  'SELECT name, email FROM customers',
]
const usage = `Usage: npm run demo -- [--engine ${engineNames.join('|')}] [--kill-metadata] ["a question"]`

const write = (text: string): void => void process.stdout.write(text)
// A reader that has seen enough, such as head, ends the demo.
process.stdout.once('error', () => process.exit())

function readArguments(): ReturnType<typeof parse> {
  try {
    return parse()
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error))
  }
}

function parse() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      engine: { type: 'string', default: 'sqlite' },
      'kill-metadata': { type: 'boolean', default: false },
    },
  })
  const engine =
    engineNames.find((name) => name === values.engine) ??
    fail(`--engine must be one of ${engineNames.join(', ')}, got ${values.engine}.`)
  const questions = positionals.length > 0 ? [positionals.join(' ')] : tour
  return { engine, questions, killMetadata: values['kill-metadata'] }
}

function fail(message: string): never {
  process.stderr.write(`${message}\n${usage}\n`)
  process.exit(2)
}

const { engine, questions, killMetadata } = readArguments()

write(`${bold('t2t demo')}  a shop database, two MCP servers, and questions in plain language\n\n`)
try {
  const config = demoConfig(engine, process.env)
  const [metadata] = config.mcp_servers ?? []
  const mortal =
    killMetadata && metadata?.transport === 'stdio'
      ? mortalServer(metadata.command, metadata.args ?? [])
      : undefined
  await using application = await assemble({
    config,
    progress: createProgress(3, write),
    overHttp: true,
    ...(mortal !== undefined && { connectors: { metadata: mortal.connector } }),
  })
  mortal?.kill()
  const caller = (await application.authenticate(new Headers())) ?? fail('Nobody may ask.')
  const session = await application.sessions.sessions.create({
    owner: caller.id,
    title: 'The demo',
  })
  write(`\nThe SQL is written by ${application.generator}.\n`)
  for (const question of questions) {
    const start = performance.now()
    const conversation = await turnsOf(application.sessions, session)
    const { answer } = await converse(application.sessions, session, question, () =>
      application.answer(caller, question, { conversation }),
    )
    write(`\n${drawAnswer(answer, performance.now() - start)}\n`)
  }
  const statistics = await application.sessions.sessions.statistics(session)
  write(`\n${await drawSummary(application, statistics)}\n`)
} catch (error) {
  process.stderr.write(
    `\nThe demo failed: ${error instanceof Error ? error.message : String(error)}\n`,
  )
  process.exitCode = 1
}
