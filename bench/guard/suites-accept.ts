// What the guard makes of the engines' own regression suites: node --conditions=@t2t/source bench/guard/suites-accept.ts
import { DatabaseSync } from 'node:sqlite'
import { createSqlGuard, definePolicy, type Dialect, type SqlGuard } from '@t2t/sql-guard'
import { mysql } from '@t2t/sql-guard/mysql'
import { postgres } from '@t2t/sql-guard/postgres'
import { sqlite } from '@t2t/sql-guard/sqlite'
import mysqlClient from 'mysql2/promise'
import type { BenchRow } from '../report/bench.ts'
import { withPostgres } from './postgres-data.ts'
import { type Suite, suites } from './suites.ts'

/** What became of the statements of a suite. */
export interface Reception {
  readonly engine: Suite['engine']
  readonly from: string
  /** Statements that read, and that the engine itself can parse. */
  readonly reads: number
  /** Those that the grammar or the form of the guard does not know, with the reason. */
  readonly unread: readonly { readonly sql: string; readonly reason: string }[]
  /** Reads that a policy without any rule allows, without a catalog. */
  readonly allowed: number
  readonly others: number
  /** Statements that do more than read, and were allowed all the same. */
  readonly slipped: readonly string[]
}

const dialects: Readonly<Record<Suite['engine'], () => Dialect>> = {
  postgres,
  sqlite,
  mysql: () => mysql({ database: 'test' }),
}
const goals = { postgres: 99.9, sqlite: 99.8, mysql: 95 } as const
const wide = { maxDepth: 10_000, maxJoins: 10_000 }

/** Gives every suite that can be had to a guard without rules. */
export async function receive(): Promise<readonly Reception[]> {
  const receptions: Reception[] = []
  for (const suite of suites()) {
    const valid = await parsable(suite)
    if (valid !== undefined) receptions.push(await judge(suite, valid))
  }
  return receptions
}

async function judge(suite: Suite, valid: readonly string[]): Promise<Reception> {
  const dialect = dialects[suite.engine]()
  const guard = await createSqlGuard({
    dialect,
    policy: definePolicy({ limits: { maxTextBytes: 1_000_000 } }),
    maxCachedTexts: 0,
  })
  const unread: { sql: string; reason: string }[] = []
  let [reads, allowed] = [0, 0]
  for (const sql of valid) {
    const reason = problemWith(sql, dialect, guard)
    if (reason === 'writes') continue
    reads++
    if (reason !== undefined) unread.push({ sql, reason })
    else if (guard.check(sql).kind === 'allowed') allowed++
  }
  const others = suite.statements.filter((sql) => !readWord.test(sql))
  const slipped = others.filter((sql) => guard.check(sql).kind === 'allowed')
  const { engine, from } = suite
  return { engine, from, reads, unread, allowed, others: others.length, slipped }
}

const readWord = /^(?:[(\s]|\/\*(?![!M+])[\s\S]*?\*\/)*(select|with|values|table)\b/i

/** Why a text is not read as a query; `writes` for one that does more than read. */
function problemWith(sql: string, dialect: Dialect, guard: SqlGuard): string | undefined {
  const verdict = guard.check(sql)
  const [first] = verdict.kind === 'refused' ? verdict.findings : []
  if (first?.code.startsWith('text-') === true) return first.message
  const parsed = dialect.parse(sql, wide)
  if (parsed.kind === 'failed') {
    const { message, subject, code } = parsed.finding
    const isWrite =
      /^(INTO|FOR UPDATE|LOCK|PROCEDURE)$/.test(subject ?? '') || /changes data/.test(message)
    return isWrite
      ? 'writes'
      : code === 'limit-exceeded'
        ? undefined
        : `${message} ${subject ?? ''}`
  }
  const [statement, second] = parsed.statements
  if (statement?.kind !== 'query') return 'writes'
  return second === undefined ? undefined : 'more than one statement'
}

/** The reads of a suite that the engine itself can parse; nothing without the engine. */
async function parsable(suite: Suite): Promise<readonly string[] | undefined> {
  const reads = suite.statements.filter((sql) => readWord.test(sql))
  try {
    switch (suite.engine) {
      case 'postgres':
        return await withPostgres('suites', (client) =>
          keep(reads, async (sql) => {
            await client.query(`PREPARE t2t AS ${sql}`)
            await client.query('DEALLOCATE t2t')
          }),
        )
      case 'sqlite': {
        const database = new DatabaseSync(':memory:')
        return await keep(reads, async (sql) => void database.prepare(sql))
      }
      case 'mysql': {
        const port = Number(process.env['T2T_BENCH_MARIADB_PORT'] ?? 3306)
        const client = await mysqlClient.createConnection({ host: '127.0.0.1', port, user: 'root' })
        await client.query('CREATE DATABASE IF NOT EXISTS t2t_suites; ').catch(() => undefined)
        await client.query('USE t2t_suites')
        const kept = await keep(reads, async (sql) => {
          await client.query(`PREPARE t2t FROM ${client.escape(sql)}`)
        })
        await client.query('DROP DATABASE t2t_suites')
        await client.end()
        return kept
      }
    }
  } catch {
    return undefined
  }
}

/**
 * Errors of grammar: SQLSTATE 42601 and 42602; 1064, 1065 and 1149; and SQLite's own words, with those
 * that its parser says where the grammar alone would let a text through.
 */
const malformed =
  /^(?:42601|42602|ER_PARSE_ERROR|ER_EMPTY_QUERY|ER_SYNTAX_ERROR)$|syntax error|unrecognized token|incomplete input|clause should come|JOIN clause is required|unknown join type|NATURAL join may not|DISTINCT aggregates must|no tables specified|duplicate WITH table|RAISE\(\) may only|cannot join using column \w+ - column not/

async function keep(
  statements: readonly string[],
  prepare: (sql: string) => Promise<void>,
): Promise<readonly string[]> {
  const kept: string[] = []
  for (const sql of statements) {
    try {
      await prepare(sql)
      kept.push(sql)
    } catch (error) {
      const { code, message } = error as { code?: string; message: string }
      const isMalformed =
        malformed.test(code ?? '') ||
        (code?.startsWith('ERR_SQLITE') === true && malformed.test(message))
      if (!isMalformed) kept.push(sql)
    }
  }
  return kept
}

/** Rows on the suites; one says so when none can be had. */
export async function suiteRows(): Promise<readonly BenchRow[]> {
  const receptions = await receive()
  return (['postgres', 'sqlite', 'mysql'] as const).flatMap((engine): readonly BenchRow[] => {
    const found = receptions.find((each) => each.engine === engine)
    const goal = `≥ ${goals[engine]} %`
    if (found === undefined) {
      const what = `${engine}: suite not measured, its source package or the engine cannot be had here`
      return [{ id: `${engine}-suite`, what, value: 0, unit: '%', peers: {}, goal, met: null }]
    }
    const share = (100 * (found.reads - found.unread.length)) / found.reads
    const percent = (100 * found.allowed) / found.reads
    return [
      {
        id: `${engine}-suite`,
        what: `${engine}: reads of ${found.from} whose grammar and form are known, of ${found.reads}; allowed without a catalog: ${percent.toFixed(1)} %`,
        value: Number(share.toFixed(2)),
        unit: '%',
        peers: {},
        goal,
        met: share >= goals[engine],
      },
      {
        id: `${engine}-suite-others`,
        what: `${engine}: statements of it that do not read and were allowed, of ${found.others}`,
        value: found.slipped.length,
        unit: 'statements',
        peers: {},
        goal: '0',
        met: found.slipped.length === 0,
      },
    ]
  })
}

if (import.meta.main) {
  for (const { engine, from, reads, unread, allowed, others, slipped } of await receive()) {
    const share = ((100 * (reads - unread.length)) / reads).toFixed(2)
    console.log(
      `${engine} ${from}: ${reads} reads, ${share} % known, ${allowed} allowed; ${slipped.length} of ${others} others`,
    )
    for (const sql of slipped) console.log(`  slipped ${sql.slice(0, 300).replaceAll('\n', ' ')}`)
    for (const { sql, reason } of unread)
      console.log(`  ${reason}\t${sql.slice(0, 400).replaceAll('\n', ' ')}`)
  }
}
