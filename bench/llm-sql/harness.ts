// Whether the evaluation harness counts as others count: recorded systems, against the verdicts that
// were published with them and against a comparison that SQLite makes by itself.
import { readFileSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'
import { evaluate, readOutputs, readQuestions, recordedSubject } from '@t2t/llm-sql/evaluate'
import type { QueryRunner } from '@t2t/llm-sql'
import type { BenchRow } from '../report/bench.ts'
import { rowsOf } from './compare.ts'
import { dataFolder, openDatabase } from './data.ts'

const set = 'spider-dev-a'

interface Recorded {
  readonly id: string
  readonly system: string
  readonly sql: string
  readonly outcome: 'match' | 'mismatch' | 'error'
}

/** Rows for the benchmark `llm-sql`: the largest distance, in points of execution accuracy. */
export async function harnessRows(progress: (line: string) => void): Promise<readonly BenchRow[]> {
  const questions = readQuestions(readFileSync(`${dataFolder}/${set}/questions.jsonl`, 'utf8'))
  const jsonl = readFileSync(`${dataFolder}/${set}/model_outputs.jsonl`, 'utf8')
  const recorded = jsonl
    .split('\n')
    .filter((line) => line !== '')
    .map((line): Recorded => JSON.parse(line))
  const databases = new Map(
    [...new Set(questions.map(({ db }) => db))].map((db) => [db, openDatabase(set, db)]),
  )
  const runnerFor = (db: string): QueryRunner => runnerOn(databases.get(db))
  let furthest = 0
  let furthestFromSqlite = 0
  let disputed = 0
  for (const system of new Set(recorded.map((one) => one.system))) {
    progress(`harness: ${system}`)
    const mine = recorded.filter((one) => one.system === system)
    const subject = recordedSubject(readOutputs(jsonl, system), runnerFor)
    const { right } = await evaluate({ questions, subject, runnerFor })
    const published = mine.filter(({ outcome }) => outcome === 'match').length
    furthest = Math.max(furthest, points(right - published, questions.length))
    let bySqlite = 0
    for (const { id, db, gold_sql: gold = '' } of questions) {
      const sql = mine.find((one) => one.id === id)?.sql
      const database = databases.get(db)
      if (sql === undefined || database === undefined) continue
      const verdict = sameBySqlite(database, sql, gold)
      if (verdict === undefined) {
        disputed += 1
        bySqlite += mine.find((one) => one.id === id)?.outcome === 'match' ? 1 : 0
      } else bySqlite += verdict ? 1 : 0
    }
    furthestFromSqlite = Math.max(furthestFromSqlite, points(right - bySqlite, questions.length))
  }
  const row = (id: string, what: string, value: number, goal: string): BenchRow => ({
    id: `${set}-harness-${id}`,
    what,
    value: Math.round(value * 1_000) / 1_000,
    unit: 'points',
    peers: {},
    goal,
    met: goal === '' ? null : value <= 0.1,
  })
  const share = Math.round((disputed / recorded.length) * 1_000) / 10
  return [
    row(
      'published',
      'harness: largest distance from the published counts of seven recorded systems',
      furthest,
      'within 0.1 point',
    ),
    row(
      'sqlite',
      `harness: the same from a comparison that SQLite makes (${share} % it cannot make)`,
      furthestFromSqlite,
      'within 0.1 point',
    ),
  ]
}

function points(difference: number, of: number): number {
  return (Math.abs(difference) / of) * 100
}

function runnerOn(database: DatabaseSync | undefined): QueryRunner {
  return async (sql) => {
    const rows = database === undefined ? undefined : rowsOf(database, sql)
    if (rows === undefined) return { kind: 'failed', message: 'The engine refused the statement.' }
    const cells = rows.map((row) => row.map(cellOf))
    return { kind: 'rows', columns: [], rows: cells, isTruncated: false }
  }
}

function cellOf(value: unknown): string | number | null {
  return typeof value === 'string' || typeof value === 'number' ? value : null
}

/**
 * Compares two queries inside SQLite: rows are numbered and both differences must be empty, for some
 * order of the columns. It shares no code and no rule of comparison with the harness.
 *
 * @returns `undefined` when SQLite cannot compare them in this way.
 */
function sameBySqlite(database: DatabaseSync, mine: string, gold: string): boolean | undefined {
  const [a, b] = [joined(mine), joined(gold)]
  let widths: readonly number[]
  try {
    widths = [a, b].map((sql) => database.prepare(sql).columns().length)
  } catch {
    return false
  }
  const [width = 0, other = 0] = widths
  if (width !== other) {
    const empty = [a, b].every((sql) => rowsOf(database, sql)?.length === 0)
    return empty
  }
  const isOrdered = /\border\s+by\b/i.test(b)
  try {
    for (const name of ['mine', 'gold']) database.exec(`DROP TABLE IF EXISTS temp.bench_${name}`)
    create(database, 'mine', a, width)
    create(database, 'gold', b, width)
  } catch {
    return undefined
  }
  const columns = Array.from({ length: width }, (_, at) => `c${at}`)
  return permutations(columns).some((order) => isEqual(database, order, columns, isOrdered))
}

function create(database: DatabaseSync, name: string, sql: string, width: number): void {
  const columns = Array.from({ length: width }, (_, at) => `c${at}`)
  const list = columns.join(', ')
  database.exec(`CREATE TEMP TABLE bench_${name} (n INTEGER PRIMARY KEY, ${list})`)
  database.exec(
    `WITH q (${list}) AS (SELECT * FROM (${sql})) INSERT INTO temp.bench_${name} (${list}) SELECT ${list} FROM q`,
  )
}

function isEqual(
  database: DatabaseSync,
  order: readonly string[],
  columns: readonly string[],
  isOrdered: boolean,
): boolean {
  const rounded = (list: readonly string[]): string =>
    list
      .map((one) => `CASE typeof(${one}) WHEN 'real' THEN round(${one}, 6) ELSE ${one} END`)
      .join(', ')
  const numbered = (name: string, list: readonly string[]): string => {
    const shown = rounded(list)
    const number = isOrdered ? 'n' : `row_number() OVER (PARTITION BY ${shown})`
    return `SELECT ${shown}, ${number} FROM temp.bench_${name}`
  }
  const [mine, gold] = [numbered('mine', order), numbered('gold', columns)]
  return [`${mine} EXCEPT ${gold}`, `${gold} EXCEPT ${mine}`].every((sql) => {
    const found = database.prepare(`SELECT count(*) AS n FROM (${sql})`).get()
    return found?.['n'] === 0
  })
}

/** Operators that recorded systems write apart, and semicolons at the end, stop a subquery. */
function joined(sql: string): string {
  return sql.replaceAll(/([<>!])\s+=/g, '$1=').replace(/;\s*$/, '')
}

function permutations(list: readonly string[]): readonly (readonly string[])[] {
  if (list.length === 0) return [[]]
  return list.flatMap((one) =>
    permutations(list.filter((other) => other !== one)).map((rest) => [one, ...rest]),
  )
}
