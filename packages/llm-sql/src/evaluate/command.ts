import { existsSync, readFileSync } from 'node:fs'
import { appendFile, rm, writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { EvaluationInvalidError, isLlmSqlError } from '../errors/errors.ts'
import { readSetup } from './config.ts'
import { evaluate, type EvaluatedQuestion, type EvaluationProgress } from './evaluate.ts'
import { describeReport } from './report.ts'

/** What the command needs of the world around it. */
export interface EvaluateIo {
  readonly write: (text: string) => void
  readonly writeError: (text: string) => void
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly signal: AbortSignal
}

const usage = `Usage: t2t-eval <configuration> [options]

Asks the questions of a set and counts the right answers. The configuration is a YAML or JSON file,
or a module whose default export is an EvaluationSetup; the README of @t2t/llm-sql describes both.

  --results file   write one line for each question as it is answered, and leave out on the next
                   run what the file already holds
  --fresh          begin anew, whatever the file of results holds
  --report file    write the figures as JSON
  --db name        only the questions about this database
  --limit n        only the first n questions
  --concurrency n  questions that are asked at the same time (default: 1)
  --json           print the figures as JSON
  --quiet          do not show progress

Exit code: 0 when the questions were asked, 1 when it was interrupted, 2 when the call is wrong.
`

/** Runs the command and gives its exit code. */
export async function runEvaluate(args: readonly string[], io: EvaluateIo): Promise<0 | 1 | 2> {
  try {
    const call = readCall(args)
    if (call === undefined) {
      io.writeError(usage)
      return 2
    }
    return await run(call, io)
  } catch (error) {
    if (io.signal.aborted) {
      io.writeError('\nInterrupted. With --results, the next run goes on from here.\n')
      return 1
    }
    if (!(error instanceof Error)) throw error
    const isOurs = isLlmSqlError(error) || 'code' in error
    io.writeError(isOurs ? `${error.message}\n` : `${error.stack ?? error.message}\n`)
    return 2
  }
}

type Call = NonNullable<ReturnType<typeof readCall>>

function readCall(args: readonly string[]) {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      results: { type: 'string' },
      fresh: { type: 'boolean', default: false },
      report: { type: 'string' },
      db: { type: 'string' },
      limit: { type: 'string' },
      concurrency: { type: 'string', default: '1' },
      json: { type: 'boolean', default: false },
      quiet: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  const [configuration, ...more] = positionals
  if (configuration === undefined || more.length > 0 || values.help) return undefined
  const { limit, concurrency, ...rest } = values
  return {
    ...rest,
    configuration,
    limit: limit === undefined ? undefined : numberOf('--limit', limit),
    concurrency: numberOf('--concurrency', concurrency),
  }
}

function numberOf(option: string, value: string): number {
  const number = Number(value)
  if (!Number.isInteger(number) || number < 1)
    throw new EvaluationInvalidError(`${option} must be an integer from 1 up, got ${value}.`)
  return number
}

async function run(call: Call, io: EvaluateIo): Promise<0> {
  const { configuration, results, fresh, report: reportFile, db, limit, concurrency, json } = call
  const setup = await readSetup(configuration, io.environment)
  try {
    const ofDatabase = setup.questions.filter((one) => db === undefined || one.db === db)
    if (ofDatabase.length === 0) {
      const names = [...new Set(setup.questions.map((one) => one.db))].join(', ')
      throw new EvaluationInvalidError(
        `There is no question about that database. There are: ${names}.`,
      )
    }
    const questions = ofDatabase.slice(0, limit)
    if (fresh && results !== undefined) await rm(results, { force: true })
    const done = results === undefined ? [] : await begin(results, setup.name)
    let written = Promise.resolve()
    const asking = evaluate({
      questions,
      subject: setup.subject,
      runnerFor: setup.runnerFor,
      concurrency,
      done,
      signal: io.signal,
      onResult: (result, progress) => {
        if (results !== undefined)
          written = written.then(() => appendFile(results, `${JSON.stringify(result)}\n`))
        if (!call.quiet) io.writeError(lineOf(progress))
      },
    })
    const report = await settledAfter(asking, () => written)
    if (!call.quiet) io.writeError('\n')
    const named = { name: setup.name, ...report }
    if (reportFile !== undefined)
      await writeFile(reportFile, `${JSON.stringify(named, undefined, 2)}\n`)
    io.write(json ? `${JSON.stringify(named)}\n` : `${setup.name}\n${describeReport(report)}`)
    return 0
  } finally {
    await setup.close?.()
  }
}

/** Waits for what was to be written, also when the evaluation was interrupted. */
async function settledAfter<Value>(
  work: Promise<Value>,
  rest: () => Promise<void>,
): Promise<Value> {
  try {
    return await work
  } finally {
    await rest()
  }
}

function lineOf({ finished, total, right }: EvaluationProgress): string {
  return `\r${finished} of ${total}, ${right} right`
}

/** Reads what an earlier run wrote, or begins the file; its first line says what was evaluated. */
async function begin(file: string, name: string): Promise<readonly EvaluatedQuestion[]> {
  if (!existsSync(file)) {
    await writeFile(file, `${JSON.stringify({ evaluated: name })}\n`)
    return []
  }
  const [head = '', ...lines] = readFileSync(file, 'utf8').split('\n')
  if (head !== JSON.stringify({ evaluated: name }))
    throw new EvaluationInvalidError(
      `${file} holds results of something else than ${name}; name another file or say --fresh.`,
    )
  // What follows the last line break was cut off when a run was killed while writing it.
  const whole = lines.slice(0, -1)
  const cut = lines.at(-1) ?? ''
  const done = whole.map((line, at): EvaluatedQuestion => {
    try {
      return JSON.parse(line)
    } catch {
      const message = `${file} line ${at + 2} is not a result; say --fresh to begin anew.`
      throw new EvaluationInvalidError(message)
    }
  })
  if (cut !== '') await writeFile(file, [head, ...whole, ''].join('\n'))
  return done
}
