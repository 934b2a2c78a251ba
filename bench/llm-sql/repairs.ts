import { readFileSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'
import type { Catalog } from '@t2t/sql-guard'
import { repair, type Repaired, type RepairOptions } from '@t2t/llm-sql'
import type { BenchRow } from '../report/bench.ts'
import { isSameResult, rowsOf } from './compare.ts'
import { dataFolder, openDatabase, readCatalog, readQuestions } from './data.ts'

const set = 'spider-dev-a'

interface Recorded {
  readonly id: string
  readonly system: string
  readonly sql: string
  readonly outcome: 'match' | 'mismatch' | 'error'
}

/**
 * How many recorded statements that fail run after repair, and give the right rows; an assistant makes
 * the sure and the likely repairs.
 */
export function measureRepairs(): readonly BenchRow[] {
  const questions = new Map(readQuestions(set).map((question) => [question.id, question]))
  const databases = new Map<string, DatabaseSync>()
  const catalogs = new Map<string, Catalog>()
  const failing = readFileSync(`${dataFolder}/${set}/model_outputs.jsonl`, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line): Recorded => JSON.parse(line))
    .filter(({ outcome }) => outcome === 'error')
  const rows: BenchRow[] = []
  for (const certainty of ['sure', 'likely', 'guess'] as const) {
    let runs = 0
    let right = 0
    let ofClass = 0
    let rightOfClass = 0
    for (const { id, system, sql } of failing) {
      const question = questions.get(id)
      if (question === undefined) continue
      const database = databases.get(question.db) ?? openDatabase(set, question.db)
      databases.set(question.db, database)
      const catalog = catalogs.get(question.db) ?? readCatalog(database, 0)
      catalogs.set(question.db, catalog)
      const repaired = mended(sql, database, { catalog, certainty, question: question.question })
      const actual = repaired === undefined ? undefined : rowsOf(database, repaired.sql)
      const expected = rowsOf(database, question.gold_sql) ?? []
      const isRight =
        actual !== undefined &&
        isSameResult(actual, expected, /\border\s+by\b/i.test(question.gold_sql))
      if (actual !== undefined) runs += 1
      if (isRight) right += 1
      if (repaired?.certainty === certainty) ofClass += 1
      if (repaired?.certainty === certainty && isRight) rightOfClass += 1
      if (process.env['T2T_BENCH_VERBOSE'] === `repairs-${certainty}` && !isRight)
        process.stderr.write(
          `${actual === undefined ? 'FAILS' : 'WRONG'} ${system} ${question.question}\n   ${sql}\n   ${repaired?.sql ?? failureOf(sql, database)?.message}\n   ${question.gold_sql}\n`,
        )
    }
    rows.push(
      row(
        `${certainty}-runs`,
        `${certainty} repairs: runs`,
        runs / failing.length,
        0.58,
        certainty,
      ),
      row(
        `${certainty}-right`,
        `${certainty} repairs: right`,
        right / failing.length,
        0.25,
        certainty,
      ),
      {
        ...row(`${certainty}-precision`, '', rightOfClass / ofClass, 0, certainty),
        what: `${set}, right among the ${ofClass} statements whose least certain repair is ${certainty}`,
        goal: '',
        met: null,
      },
    )
  }
  for (const database of databases.values()) database.close()
  return rows
}

function row(id: string, what: string, share: number, start: number, certainty: string): BenchRow {
  const isMain = certainty !== 'sure'
  return {
    id: `repair-${id}`,
    what: `${set}, recorded failing statements, ${what}`,
    value: Math.round(share * 1_000) / 10,
    unit: '%',
    peers: {},
    goal: isMain ? `start ${Math.round(start * 100)}` : '',
    met: isMain ? share > start : null,
  }
}

function mended(
  sql: string,
  database: DatabaseSync,
  options: Pick<RepairOptions, 'catalog' | 'certainty' | 'question'>,
): (Pick<Repaired, 'sql'> & Partial<Repaired>) | undefined {
  const check = (text: string): ReturnType<RepairOptions['check']> => failureOf(text, database)
  const failure = check(sql)
  return failure === undefined ? { sql } : repair(sql, failure, { ...options, check })
}

function failureOf(sql: string, database: DatabaseSync): { readonly message: string } | undefined {
  try {
    database.prepare(sql).all()
    return undefined
  } catch (error) {
    return { message: String(error) }
  }
}
