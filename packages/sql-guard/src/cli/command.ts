import { parseArgs } from 'node:util'
import type { Catalog } from '../catalog/catalog.ts'
import type { Dialect } from '../dialect/dialect.ts'
import { isSqlGuardError } from '../errors/errors.ts'
import { createSqlGuard } from '../guard/create-guard.ts'
import type { Verdict } from '../guard/verdict.ts'
import { definePolicy, type PolicyInput } from '../policy/define-policy.ts'
import { splitStatements } from './statements.ts'

/** What the command needs of the world around it. */
export interface CommandIo {
  readonly readFile: (path: string) => Promise<string>
  readonly readInput: () => Promise<string>
  readonly write: (text: string) => void
  readonly writeError: (text: string) => void
}

const usage = `Usage: t2t-guard check --dialect postgres|sqlite|mysql [options] [file|-]

Checks every statement of a file or of the standard input.

  --policy file    what may be read, as JSON (default: everything outside the system schemas)
  --catalog file   what the database contains, as JSON
  --whole          take the text as one statement, as a server would get it
  --json           print one JSON object for each statement

Exit code: 0 when all are allowed, 1 when one is refused, 2 when the call is wrong.
`

/** Runs the command and gives its exit code. */
export async function runCommand(args: readonly string[], io: CommandIo): Promise<0 | 1 | 2> {
  try {
    const call = readCall(args)
    if (call === undefined) {
      io.writeError(usage)
      return 2
    }
    return await check(call, io)
  } catch (error) {
    if (!(error instanceof Error)) throw error
    io.writeError(`${isSqlGuardError(error) ? `${error.code}: ` : ''}${error.message}\n`)
    return 2
  }
}

type Call = NonNullable<ReturnType<typeof readCall>>

function readCall(args: readonly string[]) {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      dialect: { type: 'string' },
      policy: { type: 'string' },
      catalog: { type: 'string' },
      whole: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  })
  const [command, file = '-', ...more] = positionals
  const { dialect } = values
  if (command !== 'check' || more.length > 0 || dialect === undefined) return undefined
  return { ...values, dialect, file }
}

async function check(call: Call, io: CommandIo): Promise<0 | 1> {
  const dialect = await dialectNamed(call.dialect)
  const input: PolicyInput = call.policy === undefined ? {} : await readJson(call.policy, io)
  const catalog: Catalog | undefined =
    call.catalog === undefined ? undefined : await readJson(call.catalog, io)
  const guard = await createSqlGuard({ dialect, catalog, policy: definePolicy(input) })

  const text = call.file === '-' ? await io.readInput() : await io.readFile(call.file)
  const statements = call.whole ? [text] : splitStatements(text, dialect.traits.lexis)
  let code: 0 | 1 = 0
  for (const [index, sql] of statements.entries()) {
    const verdict = guard.check(sql)
    if (verdict.kind === 'refused') code = 1
    io.write(call.json ? `${JSON.stringify({ index, ...verdict })}\n` : described(sql, verdict))
  }
  return code
}

function described(sql: string, verdict: Verdict): string {
  if (verdict.kind === 'allowed') {
    const reads = verdict.reads.map(
      ({ table, columns }) => `${table} (${columns.map(({ column }) => column).join(', ')})`,
    )
    return `ALLOW ${verdict.sql.replaceAll('\n', ' ')}\n  reads ${reads.join(', ') || 'no table'}\n`
  }
  const findings = verdict.findings.map(({ code, message, span, candidates = [] }) => {
    const place = span === undefined ? '' : ` at ${placeOf(sql, span.start)}`
    const near = candidates.length === 0 ? '' : ` Near: ${candidates.join(', ')}.`
    return `  ${code}${place}: ${message}${near}\n`
  })
  return `REJECT ${sql.replaceAll('\n', ' ')}\n${findings.join('')}`
}

/** Line and column, both from 1 up. */
function placeOf(sql: string, position: number): string {
  const before = sql.slice(0, position).split('\n')
  return `${before.length}:${(before.at(-1)?.length ?? 0) + 1}`
}

async function readJson<Value>(path: string, io: CommandIo): Promise<Value> {
  const value: Value = JSON.parse(await io.readFile(path))
  return value
}

async function dialectNamed(name: string): Promise<Dialect> {
  switch (name) {
    case 'postgres':
      return (await import('../dialect/postgres/postgres.ts')).postgres()
    case 'sqlite':
      return (await import('../dialect/sqlite/sqlite.ts')).sqlite()
    case 'mysql':
      return (await import('../dialect/mysql/mysql.ts')).mysql()
    default:
      throw new Error(`There is no dialect ${name}; there are postgres, sqlite and mysql.`)
  }
}
