import type { Catalog } from '@t2t/sql-guard'
import { link, resolveEntities } from '@t2t/llm-sql'
import type { BenchRow } from '../report/bench.ts'
import { openDatabase, readCatalog, readQuestions, type GoldLiteral } from './data.ts'

const set = 'spider-dev-a'
const source = { name: 'database', priority: 10 }

/** How often a constant that the query of the authors compares with is found in its column. */
export function measureConstants(): readonly BenchRow[] {
  const catalogs = new Map<string, Catalog>()
  let asked = 0
  let found = 0
  let first = 0
  let few = 0
  for (const { db, question, literals = [] } of readQuestions(set)) {
    const catalog = catalogs.get(db) ?? sampled(db)
    catalogs.set(db, catalog)
    const constants = literals.filter(isText)
    if (constants.length === 0) continue
    const { mentions } = resolveEntities(link(question, catalog), {
      metadata: [],
      catalogSource: source,
      today: '2024-01-15',
    })
    const values = mentions.filter((mention) => mention.kind === 'value')
    for (const constant of constants) {
      asked += 1
      const places = values.map((mention) => ({
        at: mention.values.findIndex(
          ({ table, column, value }) =>
            isSame(`${table.name}.${column.name}`, constant.column) &&
            isSame(String(value), constant.value),
        ),
        of: mention.values.length,
      }))
      const hit = places.find(({ at }) => at >= 0)
      if (hit !== undefined) found += 1
      if (hit?.at === 0) first += 1
      if (hit !== undefined && hit.of === 1) few += 1
      if (hit === undefined && process.env['T2T_BENCH_VERBOSE'] === 'constants')
        process.stderr.write(`${constant.column} = ${constant.value}\t${question}\n`)
    }
  }
  const row = (id: string, what: string, count: number, goal: string): BenchRow => ({
    id: `constants-${id}`,
    what: `${set}, constants of ${asked}: ${what}`,
    value: Math.round((count / asked) * 1_000) / 10,
    unit: '%',
    peers: {},
    goal,
    met: goal === '' ? null : count / asked > 0.86,
  })
  return [
    row('found', 'found in the right column', found, 'start 86'),
    row('first', 'the right column first', first, ''),
    row('only', 'the right column alone', few, ''),
  ]
}

function sampled(db: string): Catalog {
  const database = openDatabase(set, db)
  const catalog = readCatalog(database, 500)
  database.close()
  return catalog
}

function isText({ string, op, column }: GoldLiteral): boolean {
  return string && (op === 'EQ' || op === 'NEQ') && column !== null
}

function isSame(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase()
}
