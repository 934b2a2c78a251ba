// Asks a shop database questions through two MCP servers, is refused what must be refused, and shows what happened.
import { parseArgs } from 'node:util'
import { assemble } from './server/assemble.ts'
import { keepServing, portFrom } from './server/keep.ts'
import { engineNames } from './server/shop.ts'
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
const usage = `Usage: npm run demo -- [--engine ${engineNames.join('|')}] [--kill-metadata] [--keep] ["a question"]`

const write = (text: string): void => void process.stdout.write(text)

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
      keep: { type: 'boolean', default: false },
      'kill-metadata': { type: 'boolean', default: false },
    },
  })
  const engine =
    engineNames.find((name) => name === values.engine) ??
    fail(`--engine must be one of ${engineNames.join(', ')}, got ${values.engine}.`)
  const port =
    portFrom(process.env) ??
    fail(`PORT must be an integer from 0 to 65535, got ${process.env['PORT']}.`)
  const questions = positionals.length > 0 ? [positionals.join(' ')] : tour
  return { engine, port, questions, keep: values.keep, killMetadata: values['kill-metadata'] }
}

function fail(message: string): never {
  process.stderr.write(`${message}\n${usage}\n`)
  process.exit(2)
}

const { engine, port, questions, keep, killMetadata } = readArguments()

write(`${bold('t2t demo')}  a shop database, two MCP servers, and questions in plain language\n\n`)
try {
  await using application = await assemble({
    engine,
    progress: createProgress(4, write),
    killMetadata,
  })
  write(`\nThe SQL is written by ${application.generator}.\n`)
  if (keep) {
    await keepServing(application, port, write)
  } else {
    for (const question of questions) {
      const start = performance.now()
      const answer = await application.ask(question)
      write(`\n${drawAnswer(answer, performance.now() - start)}\n`)
    }
    write(`\n${await drawSummary(application)}\n`)
  }
} catch (error) {
  process.stderr.write(
    `\nThe demo failed: ${error instanceof Error ? error.message : String(error)}\n`,
  )
  process.exitCode = 1
}
