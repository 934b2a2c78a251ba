import { DatabaseSync } from 'node:sqlite'
import { createSqlGuard, definePolicy, combinePolicies, type Catalog } from '@t2t/sql-guard'
import { mysql } from '@t2t/sql-guard/mysql'
import { postgres } from '@t2t/sql-guard/postgres'
import { sqlite } from '@t2t/sql-guard/sqlite'
import { describe, expect, it } from 'vitest'
import { sqliteAttacks } from '../attacks/sqlite/sqlite.attacks.ts'
import { otherWorld, worldCatalog, worldSchema } from '../attacks/world.ts'

const staff = (dialect: Catalog['dialect'], schema: string): Catalog => ({
  dialect,
  version: 'staff',
  searchPath: [schema],
  tables: [
    {
      schema,
      name: 'staff',
      kind: 'table',
      columns: ['id', 'name', 'team', 'salary', 'bonus'].map(columnOf),
      primaryKey: ['id'],
      foreignKeys: [],
    },
    {
      schema,
      name: 'visits',
      kind: 'table',
      columns: ['staff_id', 'day', 'cost'].map(columnOf),
      primaryKey: ['staff_id', 'day'],
      foreignKeys: [],
    },
    {
      schema,
      name: 'well_paid',
      kind: 'view',
      columns: [columnOf('name')],
      primaryKey: [],
      foreignKeys: [],
      definition: 'SELECT name FROM staff WHERE salary > 50',
    },
  ],
})

function columnOf(name: string): Catalog['tables'][number]['columns'][number] {
  return { name, type: name === 'name' || name === 'team' ? 'text' : 'integer', isNullable: true }
}

const database = new DatabaseSync(':memory:')
database.exec(`
  CREATE TABLE staff (id integer PRIMARY KEY, name text, team text, salary integer, bonus integer);
  CREATE TABLE visits (staff_id integer, day integer, cost integer, PRIMARY KEY (staff_id, day));
  CREATE VIEW well_paid AS SELECT name FROM staff WHERE salary > 50;
  INSERT INTO staff VALUES (1, 'Ada', 'a', 10, 1), (2, 'Bo', 'a', 20, 1), (3, 'Cy', 'a', 30, 1),
    (4, 'Di', 'b', 90, 1), (5, 'Ed', 'b', NULL, 1), (6, 'Flo', 'b', NULL, 1);
  INSERT INTO visits VALUES (1, 1, 5), (1, 2, 6), (1, 3, 7), (2, 1, 8), (3, 1, 9)`)

const policy = definePolicy({
  columns: { minGroupSize: { 'staff.salary': 3, 'visits.cost': { size: 3, of: 'staff_id' } } },
})
const guard = await createSqlGuard({ dialect: sqlite(), policy, catalog: staff('sqlite', 'main') })

function rowsOf(sql: string): readonly (readonly unknown[])[] {
  const verdict = guard.check(sql)
  if (verdict.kind === 'refused') throw new Error(verdict.findings[0]?.message)
  return database
    .prepare(verdict.sql)
    .all()
    .map((row) => Object.values(row))
}

describe('a column with a least size of groups', () => {
  it('is averaged over large groups, and null for small ones', () => {
    expect(rowsOf('SELECT team, avg(salary) FROM staff GROUP BY team ORDER BY team')).toEqual([
      ['a', 20],
      ['b', null],
    ])
  })

  it.for([
    ['one person', "SELECT sum(salary) FROM staff WHERE name = 'Ada'"],
    ['a group by the key', 'SELECT max(a) FROM (SELECT avg(salary) AS a FROM staff GROUP BY id)'],
    [
      'one person beside others without a value',
      'SELECT sum(s.salary) FROM visits v LEFT JOIN staff s ON s.id = v.staff_id AND s.id = 1',
    ],
    [
      'one person who outweighs others',
      'SELECT avg(s.salary) FROM staff s JOIN visits v ON v.staff_id = s.id',
    ],
    ['one person in three rows', 'SELECT sum(cost) FROM visits WHERE staff_id = 1'],
  ] as const)('tells nothing of %s', ([, sql]) => {
    expect(rowsOf(sql)).toEqual([[null]])
  })

  it.for([
    ['three persons', 'SELECT sum(cost) FROM visits', 35],
    [
      'a join that repeats no row',
      "SELECT sum(s.salary) FROM staff s JOIN (SELECT 'a' AS team) t ON t.team = s.team",
      60,
    ],
    [
      'an inner query whose value is used further out',
      'SELECT total + 1 FROM (SELECT sum(salary) AS total FROM staff) t WHERE total > 5',
      151,
    ],
    ['the number of different values', 'SELECT count(DISTINCT salary) FROM staff', 4],
    ['a condition on a group', 'SELECT count(*) FROM staff HAVING avg(salary) > 1', 6],
  ] as const)('shows %s', ([, sql, value]) => {
    expect(rowsOf(sql)).toEqual([[value]])
  })

  it.for([
    'SELECT salary FROM staff',
    'SELECT * FROM staff',
    'SELECT max(salary) FROM staff',
    'SELECT min(salary) FROM staff',
    'SELECT group_concat(salary) FROM staff',
    'SELECT avg(salary + 0) FROM staff',
    'SELECT sum(CASE WHEN id = 1 THEN salary END) FROM staff',
    'SELECT sum(salary) FILTER (WHERE id = 1) FROM staff',
    'SELECT sum(salary) OVER (ORDER BY id) FROM staff',
    'SELECT sum(DISTINCT salary) FROM staff',
    'SELECT name FROM staff WHERE salary > 20',
    'SELECT name FROM staff ORDER BY salary',
    'SELECT salary, count(*) FROM staff GROUP BY salary',
    'SELECT count(*) FROM staff GROUP BY salary',
    'SELECT DISTINCT salary FROM staff',
    'SELECT sum(a.salary) FROM staff a NATURAL JOIN staff b',
    'SELECT avg(s) FROM (SELECT salary AS s FROM staff) t',
    'SELECT (SELECT avg(s.salary)) FROM staff s',
    'SELECT sum(v.cost) FROM visits v JOIN staff s ON s.id = v.staff_id',
    'SELECT name FROM well_paid',
    'SELECT avg(/* all */ salary) FROM staff',
  ])('is refused anywhere else: %s', (sql) => {
    expect(guard.check(sql)).toMatchObject({ kind: 'refused' })
  })

  it('counts the column that it says, whatever an alias calls so', async () => {
    const guards = await Promise.all(
      [postgres(), mysql()].map((dialect) =>
        createSqlGuard({ dialect, policy, catalog: staff(dialect.name, 'public') }),
      ),
    )
    const renamed = [
      'SELECT sum(v.c) FROM visits AS v (day, staff_id, c) WHERE v.day = 1',
      'SELECT avg(s.d) FROM staff AS s (x, id, y, d) JOIN visits v ON v.staff_id = s.x',
    ]

    for (const sql of renamed) {
      for (const each of guards) expect(each.check(sql)).toMatchObject({ kind: 'refused' })
    }
    expect(guards[0]?.check('SELECT sum(v.c) FROM visits AS v (a, b, c)').kind).toBe('refused')
    expect(guards[0]?.check('SELECT sum(v.c) FROM visits AS v (staff_id, b, c)').kind).toBe(
      'allowed',
    )
  })

  it('keeps the name that the engine gives to the column of an answer', async () => {
    const texts = await Promise.all(
      [postgres(), mysql(), sqlite()].map(async (dialect) => {
        const schema = dialect.name === 'sqlite' ? 'main' : 'public'
        const catalog = staff(dialect.name, schema)
        const verdict = (await createSqlGuard({ dialect, policy, catalog })).check(
          'SELECT avg(salary) FROM staff',
        )
        return verdict.kind === 'allowed' ? verdict.sql.split('\n')[0] : undefined
      }),
    )

    expect(texts).toEqual([
      'SELECT CASE WHEN count("salary") >= 3 THEN avg(salary) END AS "avg" FROM staff',
      'SELECT CASE WHEN count(`salary`) >= 3 THEN avg(salary) END AS `avg(salary)` FROM staff',
      'SELECT CASE WHEN count("salary") >= 3 THEN avg(salary) END AS "avg(salary)" FROM staff',
    ])
  })

  it('keeps to the largest size of several policies, and to a row filter', async () => {
    const filtering = definePolicy({ rows: { filter: { staff: 'team = :team' } } })
    const larger = definePolicy({
      columns: { minGroupSize: { 'staff.salary': { size: 4, of: 'name' } } },
    })
    const strict = await createSqlGuard({
      dialect: sqlite(),
      policy: combinePolicies(policy, filtering, larger),
      catalog: staff('sqlite', 'main'),
      attributes: { team: 'a' },
    })

    const verdict = strict.check('SELECT avg(salary) AS a, count(*) AS n FROM staff')

    const text = verdict.kind === 'allowed' ? verdict.sql : ''
    expect(database.prepare(text).all()).toEqual([{ a: null, n: 3 }])
  })

  it('works without a catalog on a table by itself only', async () => {
    const blind = await createSqlGuard({ dialect: sqlite(), policy })

    expect(blind.check('SELECT avg(salary) FROM staff').kind).toBe('allowed')
    expect(blind.check('SELECT avg(s.salary) FROM staff s, visits').kind).toBe('refused')
  })
})

describe('the attacks on SQLite, where three persons are the least group', () => {
  const open = (world: string): DatabaseSync => {
    const opened = new DatabaseSync(':memory:')
    opened.exec(worldSchema(''))
    opened.exec(world)
    return opened
  }
  // The other world has the same values at other persons.
  const [one, other] = [open(''), open(otherWorld)]
  const answer = (from: DatabaseSync, sql: string): string =>
    JSON.stringify(from.prepare(sql).all())

  it('learn nothing about any of them', async () => {
    const persons = await createSqlGuard({
      dialect: sqlite(),
      catalog: worldCatalog('sqlite', 'main'),
      policy: definePolicy({
        tables: { block: ['secrets'] },
        columns: { minGroupSize: { 'customers.email': 3 } },
      }),
    })

    const allowed = sqliteAttacks
      .filter(({ proof }) => proof === 'leaks')
      .map(({ sql }) => persons.check(sql))
      .filter((verdict) => verdict.kind === 'allowed')
    const leaks = allowed.filter(({ sql }) => answer(one, sql) !== answer(other, sql))

    expect(leaks).toEqual([])
  })
})
