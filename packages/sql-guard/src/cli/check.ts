import { createSqlGuard } from '../guard/create-guard.ts'
import type { Verdict } from '../guard/verdict.ts'
import { type CommandIo, type ExitCode, oneLine } from './io.ts'
import type { Options } from './options.ts'
import { readCatalog, readDialect, readPolicy, readText } from './read.ts'
import { streamStatements } from './statements.ts'

/** Decides about every statement of a file or of the standard input. */
export async function check(options: Options, file: string, io: CommandIo): Promise<ExitCode> {
  const catalog = await readCatalog(options.catalog, io)
  const dialect = await readDialect(options.dialect, catalog)
  const policy = await readPolicy(options.policy, io)
  const { attributes } = options
  const guard = await createSqlGuard({ dialect, policy, catalog, attributes, maxCachedTexts: 0 })

  const pieces = file === '-' ? io.readInput() : once(await readText(file, io))
  const statements = options.whole ? whole(pieces) : streamStatements(pieces, dialect.traits.lexis)
  let code: ExitCode = 0
  let index = 0
  for await (const sql of statements) {
    const verdict = guard.check(sql)
    if (verdict.kind === 'refused') code = 1
    io.write(options.json ? `${JSON.stringify({ index, ...verdict })}\n` : described(sql, verdict))
    index += 1
  }
  if (index === 0) io.writeError('There was no statement to check.\n')
  return code
}

async function* once(text: string): AsyncGenerator<string> {
  yield text
}

async function* whole(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  let text = ''
  for await (const piece of pieces) text += piece
  yield text
}

function described(sql: string, verdict: Verdict): string {
  if (verdict.kind === 'allowed') {
    const reads = verdict.reads.map(
      ({ table, columns }) => `${table} (${columns.map(({ column }) => column).join(', ')})`,
    )
    return `ALLOW ${oneLine(verdict.sql)}\n  reads ${reads.join(', ') || 'no table'}\n`
  }
  const findings = verdict.findings.map(({ code, message, span, candidates = [] }) => {
    const place = span === undefined ? '' : ` at ${placeOf(sql, span.start)}`
    const near = candidates.length === 0 ? '' : ` Near: ${candidates.join(', ')}.`
    return `  ${code}${place}: ${message}${near}\n`
  })
  return `REJECT ${oneLine(sql)}\n${findings.join('')}`
}

/** Line and column, both from 1 up. */
function placeOf(sql: string, position: number): string {
  const before = sql.slice(0, position).split('\n')
  return `${before.length}:${(before.at(-1)?.length ?? 0) + 1}`
}
