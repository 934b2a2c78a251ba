import { createRequire } from 'node:module'
import { createSqlGuard, definePolicy, type Dialect, type SqlGuard } from '@t2t/sql-guard'
import { mysql } from '@t2t/sql-guard/mysql'
import { postgres } from '@t2t/sql-guard/postgres'
import { sqlite } from '@t2t/sql-guard/sqlite'
import { loadModule, parseSync } from 'libpg-query'
import { parse as parseSqlite } from 'sqlite3-parser'
import type { BenchRow } from '../report/bench.ts'
import { modelStatements, openSqlite, sqliteCatalog } from './sqlite-data.ts'

const require = createRequire(import.meta.url)

/** The parts of the peers that are measured. */
interface NodeSqlParser {
  readonly Parser: new () => { astify(sql: string, options: { database: string }): unknown }
}
interface NpmSqlGuard {
  validate(sql: string, policy: { allowedTables: readonly string[] }): { readonly ok: boolean }
}

const { Parser }: NodeSqlParser = require('node-sql-parser')
const npmSqlGuard: NpmSqlGuard = require('sql-guard')

/** A decision about one text; what it throws counts as a refusal. */
type Decide = (sql: string) => unknown

interface Subject {
  readonly dialect: 'postgres' | 'sqlite' | 'mysql'
  readonly goal: number
  readonly guard: SqlGuard
  readonly texts: readonly string[]
  readonly peers: Readonly<Record<string, Decide>>
}

/** Rows on how fast texts are decided about, as models write them. */
export async function speedRows(progress: (line: string) => void): Promise<readonly BenchRow[]> {
  await loadModule()
  const rows: BenchRow[] = []
  for (const subject of await subjects()) {
    progress(`${subject.dialect}: ${subject.texts.length} texts`)
    const own = timesOf((sql) => subject.guard.check(sql), subject.texts)
    const peers = Object.entries(subject.peers).map(([name, decide]) => [
      name,
      perSecond(timesOf(decide, subject.texts)),
    ])
    const { dialect, goal } = subject
    rows.push({
      id: `${dialect}-throughput`,
      what: `${dialect}: texts decided about in a second, nothing cached`,
      value: perSecond(own),
      unit: '/s',
      peers: Object.fromEntries(peers),
      goal: `≥ ${goal / 1000}k/s`,
      met: perSecond(own) >= goal,
    })
    rows.push(...latencyRows(dialect, own))
  }
  return rows
}

function latencyRows(dialect: string, times: readonly number[]): readonly BenchRow[] {
  const sorted = times.toSorted((left, right) => left - right)
  const at = (share: number) => (sorted[Math.floor(sorted.length * share)] ?? 0) / 1000
  const isPromised = dialect === 'postgres'
  return [
    { share: 0.5, limit: 60 },
    { share: 0.99, limit: 250 },
  ].map(({ share, limit }) => ({
    id: `${dialect}-p${share * 100}`,
    what: `${dialect}: time of one decision, p${share * 100}`,
    value: at(share),
    unit: 'µs',
    peers: {},
    goal: isPromised ? `≤ ${limit} µs` : '',
    met: isPromised ? at(share) <= limit : null,
  }))
}

async function subjects(): Promise<readonly Subject[]> {
  const tree = (database: string): Decide => {
    const parser = new Parser()
    return (sql) => parser.astify(sql, { database })
  }
  return [
    await subject(postgres(), 'postgres', 15_000, {
      'libpg-query, parse alone': parseSync,
      'node-sql-parser, parse alone': tree('postgresql'),
      'npm sql-guard': (sql) => npmSqlGuard.validate(sql, { allowedTables: tables }),
    }),
    await subject(sqlite(), 'sqlite', 30_000, {
      'sqlite3-parser, parse alone': (sql) => parseSqlite(sql),
      'node-sql-parser, parse alone': tree('sqlite'),
    }),
    await subject(mysql(), 'mysql', 6_000, { 'node-sql-parser, parse alone': tree('mysql') }),
  ]
}

const database = 'student_club'
const tables = sqliteCatalog(openSqlite('bird-linking', database, false)).tables.map(
  ({ name }) => `public.${name}`,
)

async function subject(
  dialect: Dialect,
  name: Subject['dialect'],
  goal: number,
  peers: Subject['peers'],
): Promise<Subject> {
  const found = sqliteCatalog(openSqlite('bird-linking', database, false))
  const schema = name === 'sqlite' ? 'main' : 'public'
  const catalog = {
    ...found,
    dialect: name,
    searchPath: [schema],
    tables: found.tables.map((table) => ({ ...table, schema })),
  }
  const policy = definePolicy({ columns: { block: ['member.email'] } })
  const guard = await createSqlGuard({ dialect, policy, catalog, maxCachedTexts: 0 })
  const texts = modelStatements('bird-linking', name)
    .filter(({ db }) => db === database)
    .map(({ sql }) => sql)
    .filter((sql) => guard.check(sql).kind === 'allowed')
  return { dialect: name, goal, guard, texts, peers }
}

/** Nanoseconds that each text costs: the best of several passes, after a warm-up. */
function timesOf(decide: Decide, texts: readonly string[], passes = 20): readonly number[] {
  const best = texts.map(() => Number.POSITIVE_INFINITY)
  for (let pass = 0; pass < passes; pass++) {
    texts.forEach((sql, index) => {
      const start = process.hrtime.bigint()
      try {
        decide(sql)
      } catch {
        // A peer that cannot read a text has spent its time on it all the same.
      }
      const spent = Number(process.hrtime.bigint() - start)
      best[index] = Math.min(best[index] ?? spent, spent)
    })
  }
  return best
}

function perSecond(times: readonly number[]): number {
  return Math.round((1e9 * times.length) / times.reduce((sum, time) => sum + time, 0))
}
