import type { HostileText } from './hostile.ts'

/** Texts of about so many characters, in which few names stand for much. */
export function hostileNames(length: number): readonly HostileText[] {
  const half = Math.floor(length / 2)
  return [
    {
      name: 'uses of a column made of many',
      sql: `SELECT 1${repeated(', x', half)} FROM (SELECT ${list(half, (index) => `c${index}`, ' + ')} AS x FROM wide) AS w`,
    },
    {
      name: 'conditions on a column made of many',
      sql: `SELECT 1 FROM (SELECT ${list(half, (index) => `c${index}`, ' + ')} AS x FROM wide) AS w WHERE 1 = 1${repeated(' AND x = 1', half)}`,
    },
    {
      name: 'a chain of subqueries that hand a column made of many on',
      sql: `WITH a0 AS (SELECT ${list(half, (index) => `c${index}`, ' + ')} AS x FROM wide)${list(half, (index) => `, a${index + 1} AS (SELECT x FROM a${index})`, '')} SELECT 1 FROM orders`,
    },
    {
      name: 'common tables that hand a whole table on',
      sql: `WITH a0 AS (SELECT * FROM wide)${list(length - 60, (index) => `, a${index + 1} AS (SELECT * FROM a${index})`, '')} SELECT 1 FROM orders`,
    },
    {
      name: 'common tables that read ten before them',
      sql: `WITH ${list(length - 60, commonTable, ', ')} SELECT 1 FROM orders`,
    },
    {
      name: 'stars over joins',
      sql: `SELECT *${repeated(', *', length - 500)} FROM wide a0 ${list(400, (index) => `JOIN wide a${index + 1} ON a${index}.c1 = a${index + 1}.c1`, ' ')}`,
    },
    {
      name: 'unions of stars of a wide table',
      sql: `SELECT * FROM wide${repeated(' UNION ALL SELECT * FROM wide', length - 40)}`,
    },
    {
      name: 'unions of stars of two wide tables',
      sql: `SELECT * FROM wide, wide b${repeated(' UNION SELECT * FROM wide, wide b', length - 40)}`,
    },
    {
      name: 'subqueries with stars of a wide table',
      sql: `SELECT 1${repeated(', (SELECT count(*) FROM (SELECT * FROM wide) AS w)', length - 40)} FROM orders`,
    },
    {
      name: 'joins of a wide table with USING',
      sql: `SELECT 1${repeated(`, (SELECT 1 FROM wide a JOIN wide b USING (${list(200, (index) => `c${index}`, ', ')}))`, length - 40)} FROM orders`,
    },
    {
      name: 'natural joins of a wide table',
      sql: `SELECT 1${repeated(', (SELECT 1 FROM wide a NATURAL JOIN wide b)', length - 40)} FROM orders`,
    },
    {
      name: 'names from around a level of many columns',
      sql: `SELECT (SELECT 1${repeated(', id', half)} FROM (SELECT ${list(half, (index) => `1 AS d${index}`, ', ')}) AS x) FROM orders`,
    },
    {
      name: 'names from around sixty levels',
      sql: `SELECT id FROM orders WHERE ${'EXISTS (SELECT 1 WHERE '.repeat(28)}id = 1${repeated(' AND id = 1', length - 900)}${')'.repeat(28)}`,
    },
    {
      name: 'names with a table before them from around many levels',
      sql: `SELECT o.id FROM orders o WHERE ${'EXISTS (SELECT 1 FROM (SELECT 1 AS y) AS z WHERE '.repeat(28)}o.id = 1${repeated(' AND o.id = 1', length - 1800)}${')'.repeat(28)}`,
    },
    {
      name: 'names that many joined tables may have',
      sql: `SELECT 1${repeated(', c1', length - 500)} FROM wide a0 ${list(400, (index) => `JOIN wide a${index + 1} ON a${index}.c1 = a${index + 1}.c1`, ' ')}`,
    },
    {
      name: 'chains inside nested brackets',
      sql: `SELECT ${nested(24, `id${repeated(' + id', length / 24 - 20)}`, (inner, part) => `(${inner}) + ${part}`)} FROM orders`,
    },
    {
      name: 'CASE inside CASE with long lists',
      sql: `SELECT ${nested(14, `id IN (1${repeated(', 1', length / 14 - 60)})`, (inner, part) => `CASE WHEN ${part} THEN 1 ELSE ${inner} END`)} FROM orders`,
    },
    {
      name: 'functions with long lists in each other',
      sql: `SELECT ${nested(14, `coalesce(id${repeated(', id', length / 14 - 60)})`, (inner, part) => `coalesce(${inner}, ${part})`)} FROM orders`,
    },
    {
      name: 'named windows and their uses',
      sql: `SELECT 1${list(half - 40, (index) => `, sum(id) OVER w${index}`, '')} FROM orders WINDOW ${list(half - 40, (index) => `w${index} AS (ORDER BY id)`, ', ')}`,
    },
    {
      name: 'windows that go on from others',
      sql: `SELECT 1 FROM orders WINDOW w0 AS (PARTITION BY id)${list(length - 80, (index) => `, w${index + 1} AS (w${index})`, '')}`,
    },
    {
      name: 'names of outputs that are grouped by',
      sql: `SELECT ${list(half - 40, (index) => `id AS a${index}`, ', ')} FROM orders GROUP BY ${list(half - 40, (index) => `a${index}`, ', ')}`,
    },
    {
      name: 'numbers of outputs that are sorted by',
      sql: `SELECT ${list(half - 40, (index) => `id AS a${index}`, ', ')} FROM orders ORDER BY ${list(half - 40, (index) => `${(index % 900) + 1}`, ', ')}`,
    },
    {
      name: 'unions sorted by what they may have',
      sql: `SELECT id FROM orders${repeated(' UNION SELECT id FROM orders', half)} ORDER BY id${repeated(', id', half - 60)}`,
    },
    {
      name: 'subqueries in joins',
      sql: `SELECT 1 FROM orders o${list(length - 40, (index) => `, (SELECT id FROM orders WHERE id = ${index}) AS o${index}`, '')}`,
    },
    {
      name: 'a long list of tables behind IN',
      sql: `SELECT 1 FROM orders WHERE 1 = 1${list(length - 60, (index) => ` AND id IN (SELECT id FROM orders o${index} WHERE o${index}.id = orders.id)`, '')}`,
    },
    {
      name: 'names after IN beside aliases',
      sql: `SELECT ${list(half - 40, (index) => `1 AS a${index}`, ', ')}${list(half - 40, (index) => `, id IN b${index % 9}`, '')} FROM orders`,
    },
    {
      name: 'lengths that are aliases',
      sql: `WITH 5 AS n SELECT ${list(half - 40, (index) => `1 AS a${index}`, ', ')}${repeated(", repeat('a', n)", half - 60)} FROM orders`,
    },
    {
      name: 'aliases that stand for each other',
      sql: `WITH id AS a0${list(half - 40, (index) => `, a${index} + 1 AS a${index + 1}`, '')} SELECT a200${repeated(', a200', half - 60)} FROM orders`,
    },
    {
      name: 'an alias with a long text, used in many subqueries',
      sql: `WITH id${repeated(' + id', half)} AS a SELECT 1${repeated(', (SELECT a FROM orders)', half - 60)} FROM orders`,
    },
    {
      name: 'parts of columns',
      sql: `SELECT 1${repeated(', wide.c1.x.y.z', length - 40)} FROM wide`,
    },
    {
      name: 'functions of arrays',
      sql: `SELECT 1${repeated(', arrayMap(x -> x + id, [1])', length - 40)} FROM orders`,
    },
    {
      name: 'expressions that are named and used by their names',
      sql: `SELECT ${list(half - 40, (index) => `(id AS a${index})`, ', ')}${list(half - 40, (index) => `, a${index % 250}`, '')} FROM orders`,
    },
  ]
}

function repeated(part: string, length: number): string {
  return part.repeat(Math.max(0, Math.floor(length / part.length)))
}

/** Parts with their numbers, until they are as long as they may be. */
function list(length: number, part: (index: number) => string, separator: string): string {
  let text = part(0)
  for (let index = 1; text.length < length; index++) text += separator + part(index)
  return text
}

function nested(
  depth: number,
  part: string,
  wrap: (inner: string, part: string) => string,
): string {
  let text = part
  for (let level = 1; level < depth; level++) text = wrap(text, part)
  return text
}

function commonTable(index: number): string {
  if (index === 0) return 'a0 AS (SELECT c1 AS x FROM wide)'
  const before = Array.from({ length: Math.min(index, 10) }, (_, back) => index - 1 - back)
  return `a${index} AS (SELECT ${before.map((each) => `(SELECT x FROM a${each})`).join(' + ')} AS x)`
}
