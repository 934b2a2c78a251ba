import { DatabaseSync } from 'node:sqlite'
import { verify, type QueryRunner } from '@t2t/llm-sql'
import { createSqlGuard, definePolicy, type Catalog, type CatalogTable } from '@t2t/sql-guard'
import { sqlite } from '@t2t/sql-guard/sqlite'
import { describe, expect, it } from 'vitest'
import { rowsOf, runnerOn } from '../support/shop.ts'

const database = new DatabaseSync(':memory:')
database.exec(`
  CREATE TABLE clubs (id integer PRIMARY KEY, name text, fee integer, founded text);
  CREATE TABLE people (id integer PRIMARY KEY, name text, age integer, boss_id integer REFERENCES people, club_id integer REFERENCES clubs);
  CREATE TABLE members (person_id integer REFERENCES people, club_id integer REFERENCES clubs, role text, PRIMARY KEY (person_id, club_id));
  CREATE VIEW club_people AS SELECT club_id, person_id FROM members;
  CREATE VIEW club_sizes AS SELECT club_id, COUNT(*) AS size FROM members GROUP BY club_id;
  INSERT INTO clubs VALUES (1, 'Chess', 10, '9'), (2, 'Rowing', 25, '1985');
  INSERT INTO people VALUES (1, 'Ann', 30, NULL, 1), (2, 'Bo', 41, 1, 2), (3, 'Cy', 52, 1, 2);
  INSERT INTO members VALUES (1, 1, 'chair'), (2, 1, 'guest'), (2, 2, 'chair'), (3, 2, 'guest');
`)

const key = (column: string, table: string) => ({
  columns: [column],
  references: { schema: 'main', table, columns: ['id'] },
})

function tableOf(
  name: string,
  primaryKey: readonly string[],
  foreignKeys: CatalogTable['foreignKeys'] = [],
): CatalogTable {
  return {
    schema: 'main',
    name,
    kind: primaryKey.length === 0 ? 'view' : 'table',
    primaryKey,
    foreignKeys,
    columns: database
      .prepare('SELECT * FROM pragma_table_info(?)')
      .all(name)
      .map((column) => ({
        name: String(column['name']),
        type: String(column['type']),
        isNullable: true,
      })),
  }
}

const catalog: Catalog = {
  dialect: 'sqlite',
  version: '1',
  searchPath: ['main'],
  tables: [
    tableOf('clubs', ['id']),
    tableOf('people', ['id'], [key('boss_id', 'people'), key('club_id', 'clubs')]),
    tableOf(
      'members',
      ['person_id', 'club_id'],
      [key('person_id', 'people'), key('club_id', 'clubs')],
    ),
    tableOf('club_people', []),
    tableOf('club_sizes', []),
  ],
}

async function doubts(sql: string, question?: string, policy = {}) {
  const ran: string[] = []
  const run: QueryRunner = (text, signal) => {
    ran.push(text)
    return runnerOn(database)(text, signal)
  }
  const dialect = sqlite()
  const guard = await createSqlGuard({ dialect, policy: definePolicy(policy), catalog })
  const found = await verify(sql, rowsOf(database, sql), {
    dialect,
    guard,
    catalog,
    run,
    signal: new AbortController().signal,
    question,
  })
  return { codes: found.map(({ code }) => code), ran }
}

describe('doubts about rows that are counted twice', () => {
  it.for([
    ['through a view', 'SELECT SUM(c.fee) FROM clubs c JOIN club_people p ON p.club_id = c.id'],
    [
      'through a common table',
      'WITH p AS (SELECT club_id FROM members) SELECT SUM(c.fee) FROM clubs c JOIN p ON p.club_id = c.id',
    ],
    [
      'through a subquery',
      'SELECT AVG(c.fee) FROM clubs c JOIN (SELECT club_id FROM members) AS p ON p.club_id = c.id',
    ],
    [
      'over a bridge',
      'SELECT SUM(p.age) FROM people p JOIN members m ON m.person_id = p.id JOIN clubs c ON c.id = m.club_id',
    ],
    [
      'through a join of a table with itself',
      'SELECT SUM(b.age) FROM people b JOIN people p ON p.boss_id = b.id',
    ],
    [
      'in a subquery of a condition',
      'SELECT name FROM people WHERE age < (SELECT SUM(c.fee) FROM clubs c JOIN members m ON m.club_id = c.id)',
    ],
    ['by USING', 'SELECT COUNT(p.id) FROM people p JOIN members USING (club_id)'],
  ] as const)('are raised %s', async ([, sql]) => {
    expect((await doubts(sql)).codes).toEqual(['rows-counted-twice'])
  })

  it.for([
    [
      'a view with one row for each',
      'SELECT SUM(c.fee) FROM clubs c JOIN club_sizes s ON s.club_id = c.id',
    ],
    [
      'a grouped subquery',
      'SELECT SUM(c.fee) FROM clubs c JOIN (SELECT club_id, COUNT(*) AS n FROM members GROUP BY club_id) AS s ON s.club_id = c.id',
    ],
    [
      'a bridge of which a condition leaves one row for each',
      "SELECT SUM(c.fee) FROM clubs c JOIN members m ON m.club_id = c.id WHERE m.role = 'chair'",
    ],
    [
      'groups that hold each row once',
      'SELECT m.club_id, AVG(p.age) FROM people p JOIN members m ON m.person_id = p.id GROUP BY m.club_id',
    ],
    [
      'distinct keys',
      'SELECT COUNT(DISTINCT c.id) FROM clubs c JOIN members m ON m.club_id = c.id',
    ],
    ['the side with many rows', 'SELECT SUM(p.age) FROM people p JOIN clubs c ON c.id = p.club_id'],
  ] as const)('are not raised for %s', async ([, sql]) => {
    expect((await doubts(sql)).codes).toEqual([])
  })

  it('are asked of the database through the guard, three times at the most', async () => {
    const part = 'SELECT SUM(c.fee) FROM clubs c JOIN members m ON m.club_id = c.id'
    const sql = [part, part, part, part, part].join(' UNION ALL ')

    const { codes, ran } = await doubts(sql, undefined, {
      rows: { filter: { members: 'club_id = 1' } },
    })

    expect(ran).toHaveLength(3)
    expect(ran.every((text) => text.includes('club_id = 1'))).toBe(true)
    expect(codes).toHaveLength(5)
  })
})

describe('doubts about a statement', () => {
  it.for([
    ['tables without a join', 'SELECT p.name FROM people p, clubs c', 'join-missing'],
    [
      'a join over one side alone',
      'SELECT p.name FROM people p JOIN clubs c ON c.id = c.id',
      'join-missing',
    ],
    [
      'a list with a missing value',
      'SELECT name FROM people WHERE id NOT IN (SELECT boss_id FROM people)',
      'nulls-exclude-all',
    ],
    ['whole numbers that are divided', 'SELECT SUM(age) / COUNT(*) FROM people', 'division-whole'],
    [
      'an average of averages',
      'SELECT AVG(mean) FROM (SELECT club_id, AVG(age) AS mean FROM people GROUP BY club_id) AS part',
      'averages-averaged',
    ],
    ['numbers compared by letters', 'SELECT name FROM clubs WHERE founded > 100', 'types-differ'],
    ['words beside a number', "SELECT name FROM people WHERE age <> 'young'", 'types-differ'],
    [
      'a value that excludes nothing',
      "SELECT name FROM people WHERE name <> 'Zoe'",
      'value-missing',
    ],
    [
      'a value that an alternative hides',
      "SELECT name FROM people WHERE name = 'Ann' OR name = 'Zoe'",
      'value-missing',
    ],
    [
      'a value in a subquery',
      "SELECT name FROM people WHERE club_id NOT IN (SELECT id FROM clubs WHERE name = 'chess')",
      'value-missing',
    ],
  ] as const)('are raised for %s', async ([, sql, code]) => {
    expect((await doubts(sql)).codes).toEqual([code])
  })

  it.for([
    ['a cross join that is said', 'SELECT p.name FROM people p CROSS JOIN clubs c'],
    ['a join in the condition', 'SELECT p.name FROM people p, clubs c WHERE c.id = p.club_id'],
    [
      'a list without missing values',
      'SELECT name FROM people WHERE id NOT IN (SELECT boss_id FROM people WHERE boss_id IS NOT NULL)',
    ],
    ['a share of real numbers', 'SELECT 1.0 * SUM(age) / COUNT(*) FROM people'],
    ['decades', 'SELECT age / 10 FROM people'],
    [
      'an average of sums',
      'SELECT AVG(n) FROM (SELECT COUNT(*) AS n FROM people GROUP BY club_id) AS part',
    ],
    ['text that compares like its numbers', 'SELECT name FROM clubs WHERE founded > 0'],
    [
      'two rows of one table with different values',
      "SELECT a.name FROM people a JOIN people b ON a.boss_id = b.id WHERE a.name = 'Bo' AND b.name = 'Ann'",
    ],
  ] as const)('are not raised for %s', async ([, sql]) => {
    expect((await doubts(sql)).codes).toEqual([])
  })

  it('are raised for the first rows in no order when the question asks for an extreme', async () => {
    const sql = 'SELECT name FROM people LIMIT 1'

    expect((await doubts(sql, 'Who is the oldest?')).codes).toEqual(['order-missing'])
    expect((await doubts(sql, 'Show me somebody.')).codes).toEqual([])
    expect(
      (await doubts(`SELECT name FROM people ORDER BY age DESC LIMIT 1`, 'Who is the oldest?'))
        .codes,
    ).toEqual([])
  })
})
