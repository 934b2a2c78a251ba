import { createRequire } from 'node:module'
import {
  type Catalog,
  createSqlGuard,
  definePolicy,
  type DialectName,
  type SqlGuard,
} from '@t2t/sql-guard'
import { clickhouse } from '@t2t/sql-guard/clickhouse'
import { mysql } from '@t2t/sql-guard/mysql'
import { portable } from '@t2t/sql-guard/portable'
import { postgres } from '@t2t/sql-guard/postgres'
import { sqlite } from '@t2t/sql-guard/sqlite'
import { toyCatalog } from '@t2t/sql-guard/testing'
import type { BenchRow } from '../report/bench.ts'
import { hostileNames } from './hostile-names.ts'
import { type HostileText, hostileTexts } from './hostile.ts'

const require = createRequire(import.meta.url)
const {
  Parser,
}: {
  readonly Parser: new () => { astify(sql: string, options: { database: string }): unknown }
} = require('node-sql-parser')

const policy = definePolicy({
  tables: { block: ['secrets'] },
  columns: { block: ['customers.email', 'orders.total'] },
})

/** What a text costs at two sizes, in milliseconds of one processor. */
interface Cost {
  readonly name: string
  readonly halfMs: number
  readonly wholeMs: number
}

/** Rows on the texts that cost most of those that are meant to, and on how their cost grows. */
export async function hostileRows(): Promise<readonly BenchRow[]> {
  const costs = (await guards()).flatMap(({ name, guard }) => costsOf(name, guard))
  const worst = costs.reduce((left, right) => (left.wholeMs > right.wholeMs ? left : right))
  // What costs next to nothing grows as the clock likes.
  const grown = costs
    .filter(({ wholeMs }) => wholeMs > 10)
    .map((cost) => ({ ...cost, ratio: cost.wholeMs / cost.halfMs }))
    .reduce((left, right) => (left.ratio > right.ratio ? left : right), {
      ...worst,
      ratio: worst.wholeMs / worst.halfMs,
    })
  const brackets = costMs(() => {
    try {
      new Parser().astify('SELECT ((((((((((1', { database: 'postgresql' })
    } catch {
      // It refuses the text after it has spent its time on it.
    }
  })
  return [
    {
      id: 'worst-case',
      what: `the costliest of ${costs.length} texts of 64 KB, over all dialects (${worst.name})`,
      value: worst.wholeMs,
      unit: 'ms',
      peers: { 'node-sql-parser, 17 characters': brackets },
      goal: '≤ 50 ms',
      met: worst.wholeMs <= 50,
    },
    {
      id: 'worst-growth',
      what: `the cost of 64 KB to that of 32 KB, the worst of those above 10 ms (${grown.name})`,
      value: grown.ratio,
      unit: '×',
      peers: {},
      goal: 'linear: about 2',
      met: grown.ratio <= 3,
    },
  ]
}

async function guards(): Promise<readonly { readonly name: string; readonly guard: SqlGuard }[]> {
  const dialects = [
    { name: 'postgres', dialect: postgres() },
    { name: 'sqlite', dialect: sqlite() },
    { name: 'mysql', dialect: mysql() },
    { name: 'clickhouse', dialect: clickhouse() },
    { name: 'portable for postgres', dialect: portable({ engine: 'postgres' }) },
    { name: 'portable for sqlite', dialect: portable({ engine: 'sqlite' }) },
    { name: 'portable for mysql', dialect: portable({ engine: 'mysql' }) },
  ]
  return Promise.all(
    dialects.flatMap(({ name, dialect }) =>
      [undefined, wideCatalog(dialect.name)].map(async (catalog) => ({
        name: catalog === undefined ? name : `${name} with a catalog`,
        guard: await createSqlGuard({ dialect, policy, catalog, maxCachedTexts: 0 }),
      })),
    ),
  )
}

/** The toy catalog with a table of 300 columns beside it. */
function wideCatalog(dialect: DialectName): Catalog {
  const catalog = toyCatalog(dialect)
  const schema = catalog.searchPath[0] ?? ''
  const columns = Array.from({ length: 300 }, (_, index) => ({
    name: `c${index}`,
    type: 'integer',
    isNullable: true,
  }))
  const wide = {
    schema,
    name: 'wide',
    kind: 'table',
    columns,
    primaryKey: [],
    foreignKeys: [],
  } as const
  return { ...catalog, tables: [...catalog.tables, wide] }
}

function textsOf(length: number): readonly HostileText[] {
  return [...hostileTexts(length), ...hostileNames(length)]
}

function costsOf(name: string, guard: SqlGuard): readonly Cost[] {
  const halves = textsOf(32_000)
  return textsOf(64_000).map((text, index) => ({
    name: `${name}, ${text.name}`,
    halfMs: costMs(() => guard.check(halves[index]?.sql ?? '')),
    wholeMs: costMs(() => guard.check(text.sql)),
  }))
}

/** Processor time of a call: the best of five, so that what else runs on the machine counts less. */
function costMs(call: () => unknown): number {
  let best = Number.POSITIVE_INFINITY
  for (let pass = 0; pass < 5; pass++) {
    const start = process.threadCpuUsage()
    call()
    const { user, system } = process.threadCpuUsage(start)
    best = Math.min(best, (user + system) / 1_000)
  }
  return best
}
