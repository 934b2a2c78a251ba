import {
  type Catalog,
  createSqlGuard,
  definePolicy,
  type Dialect,
  type SqlGuard,
} from '@t2t/sql-guard'
import { mysql } from '@t2t/sql-guard/mysql'
import { postgres } from '@t2t/sql-guard/postgres'
import { createConnection } from 'mysql2/promise'
import pg from 'pg'
import { describe, expect, inject, it } from 'vitest'

const database = `groups_${process.pid}_${Date.now() % 100_000}`

const schema = [
  'CREATE TABLE staff (id integer PRIMARY KEY, name varchar(20), team varchar(20), salary integer)',
  'CREATE TABLE visits (staff_id integer, place varchar(20), cost integer)',
  `INSERT INTO staff VALUES (1, 'Ada', 'a', 10), (2, 'Bo', 'a', 20), (3, 'Cy', 'a', 30),
    (4, 'Di', 'b', 90), (5, 'Ed', 'b', NULL), (6, 'Flo', 'b', NULL)`,
  "INSERT INTO visits VALUES (1, 'x', 5), (1, 'x', 6), (1, 'x', 7), (2, 'y', 8), (3, 'y', 9)",
]

function guarding(dialect: Dialect, own: string): Promise<SqlGuard> {
  const table = (name: string, columns: readonly string[], primaryKey: readonly string[]) => ({
    schema: own,
    name,
    kind: 'table' as const,
    columns: columns.map((column) => ({ name: column, type: 'text', isNullable: true })),
    primaryKey,
    foreignKeys: [],
  })
  const catalog: Catalog = {
    dialect: dialect.name,
    version: 'staff',
    searchPath: [own],
    tables: [
      table('staff', ['id', 'name', 'team', 'salary'], ['id']),
      table('visits', ['staff_id', 'place', 'cost'], []),
    ],
  }
  const policy = definePolicy({
    columns: { minGroupSize: { 'staff.salary': 3, 'visits.cost': { size: 2, of: 'staff_id' } } },
  })
  return createSqlGuard({ dialect, catalog, policy })
}

/** Statements, and their rows with numbers of any type as numbers. */
const cases: readonly (readonly [string, readonly (readonly unknown[])[]])[] = [
  [
    'SELECT team, avg(salary) FROM staff GROUP BY team ORDER BY team',
    [
      ['a', 20],
      ['b', null],
    ],
  ],
  ["SELECT sum(salary) AS s FROM staff WHERE name = 'Di'", [[null]]],
  ['SELECT max(s) FROM (SELECT sum(salary) AS s FROM staff GROUP BY id) AS t', [[null]]],
  ['SELECT avg(s.salary) FROM staff s JOIN visits v ON v.staff_id = s.id', [[null]]],
  ["SELECT sum(s.salary) FROM staff s JOIN (SELECT 'a' AS team) t ON t.team = s.team", [[60]]],
  [
    'SELECT place, sum(cost) FROM visits GROUP BY place ORDER BY place',
    [
      ['x', null],
      ['y', 17],
    ],
  ],
  ['SELECT team FROM staff GROUP BY team HAVING sum(salary) > 1', [['a']]],
  ['SELECT team FROM staff GROUP BY team ORDER BY count(salary) IS NULL, team', [['a'], ['b']]],
  ['SELECT count(DISTINCT salary) AS n FROM staff', [[4]]],
  [
    'SELECT (SELECT sum(salary) FROM staff i WHERE i.team = o.team) FROM staff o ORDER BY o.id LIMIT 4',
    [[60], [60], [60], [null]],
  ],
]

function plain(rows: readonly (readonly unknown[])[]): readonly (readonly unknown[])[] {
  return rows.map((row) =>
    row.map((cell) => (typeof cell === 'string' && /^[\d.]+$/.test(cell) ? Number(cell) : cell)),
  )
}

async function judged(
  guard: SqlGuard,
  read: (sql: string) => Promise<readonly (readonly unknown[])[]>,
): Promise<readonly unknown[]> {
  const all: unknown[] = []
  for (const [sql] of cases) {
    const verdict = guard.check(sql)
    all.push([sql, verdict.kind === 'allowed' ? plain(await read(verdict.sql)) : verdict.findings])
  }
  return all
}

describe('a column with a least size of groups', () => {
  it.skipIf(!inject('reachable').postgres)('is read so by PostgreSQL', async () => {
    const server = { host: '127.0.0.1', port: 5432, user: 'postgres' }
    const admin = new pg.Client({ ...server, database: 'postgres' })
    await admin.connect()
    await admin.query(`CREATE DATABASE ${database}`)
    const client = new pg.Client({ ...server, database })
    await client.connect()
    for (const statement of schema) await client.query(statement)

    const answers = await judged(await guarding(postgres(), 'public'), async (sql) => {
      const { rows } = await client.query<unknown[]>({ text: sql, rowMode: 'array' })
      return rows
    })

    await client.end()
    await admin.query(`DROP DATABASE ${database}`)
    await admin.end()
    expect(answers).toEqual(cases)
  })

  it.skipIf(!inject('reachable').mariadb)('is read so by MariaDB', async () => {
    const client = await createConnection({ host: '127.0.0.1', user: 'root', rowsAsArray: true })
    await client.query(`CREATE DATABASE ${database}`)
    await client.query(`USE ${database}`)
    for (const statement of schema) await client.query(statement)

    const answers = await judged(await guarding(mysql(), database), async (sql) => {
      const [rows] = await client.query<never>(sql)
      return rows
    })

    await client.query(`DROP DATABASE ${database}`)
    await client.end()
    expect(answers).toEqual(cases)
  })
})
