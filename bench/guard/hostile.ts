/** A text that is meant to cost a guard much time, with a name. */
export interface HostileText {
  readonly name: string
  readonly sql: string
}

/** Texts of about so many characters, each aimed at another part of a guard. */
export function hostileTexts(length: number): readonly HostileText[] {
  const fill = (head: string, part: string, tail = ''): string =>
    head +
    part.repeat(Math.max(1, Math.floor((length - head.length - tail.length) / part.length))) +
    tail
  const numbered = (head: string, part: (index: number) => string, tail = ''): string => {
    let text = head
    for (let index = 0; text.length + tail.length < length; index++) text += part(index)
    return text + tail
  }
  return [
    { name: 'open brackets', sql: fill('SELECT ', '(', '1') },
    {
      name: 'nested brackets',
      sql: `SELECT ${'('.repeat(length / 2 - 8)}1${')'.repeat(length / 2 - 8)}`,
    },
    { name: 'a chain of AND', sql: fill('SELECT id FROM orders WHERE id = 1', ' AND id = 1') },
    { name: 'a chain of plus', sql: fill('SELECT 1', ' + id', ' FROM orders') },
    { name: 'a chain of concatenations', sql: fill("SELECT ''", " || 'a'") },
    { name: 'a list after IN', sql: fill('SELECT id FROM orders WHERE id IN (1', ', 1', ')') },
    { name: 'output columns', sql: fill('SELECT id', ', id', ' FROM orders') },
    { name: 'stars', sql: fill('SELECT *', ', *', ' FROM orders') },
    {
      name: 'joins',
      sql: numbered('SELECT 1 FROM orders', (index) => ` JOIN orders o${index} ON 1 = 1`),
    },
    {
      name: 'commas in FROM',
      sql: numbered('SELECT 1 FROM orders', (index) => `, orders o${index}`),
    },
    { name: 'unions', sql: fill('SELECT id FROM orders', ' UNION SELECT id FROM orders') },
    {
      name: 'common tables',
      sql: numbered(
        'WITH a AS (SELECT 1 AS x)',
        (index) => `, a${index} AS (SELECT x FROM a)`,
        ' SELECT 1',
      ),
    },
    {
      name: 'common tables in a row',
      sql: numbered(
        'WITH a0 AS (SELECT 1 AS x)',
        (index) => `, a${index + 1} AS (SELECT a.x FROM a${index} a, a${index} b)`,
        ' SELECT 1',
      ),
    },
    { name: 'CASE', sql: fill('SELECT CASE', ' WHEN id = 1 THEN 1', ' END FROM orders') },
    { name: 'functions inside functions', sql: fill('SELECT ', 'abs(', '1') },
    {
      name: 'subqueries beside each other',
      sql: fill('SELECT 1', ', (SELECT max(id) FROM orders)'),
    },
    {
      name: 'unknown columns',
      sql: numbered('SELECT 1', (index) => `, column_${index}`, ' FROM orders'),
    },
    {
      name: 'unknown tables',
      sql: numbered('SELECT 1', (index) => `, (SELECT 1 FROM table_${index})`),
    },
    { name: 'rows of VALUES', sql: fill('VALUES (1)', ', (1)') },
    { name: 'rows of VALUES in FROM', sql: fill('SELECT * FROM (VALUES (1)', ', (1)', ') AS v') },
    { name: 'brackets beside each other', sql: fill('SELECT (1)', ', (1)') },
    {
      name: 'rows in brackets',
      sql: fill('SELECT id FROM orders WHERE (id, 1) IN ((1, 1)', ', (1, 1)', ')'),
    },
    { name: 'short strings', sql: fill("SELECT 'a'", ", 'a'") },
    { name: 'one long string', sql: fill("SELECT '", 'a', "'") },
    { name: 'doubled quotes in a string', sql: fill("SELECT '", "''", "'") },
    { name: 'backslashes in a string', sql: fill("SELECT '", '\\\\', "'") },
    {
      name: 'strings after IN',
      sql: fill("SELECT id FROM orders WHERE name IN ('a'", ", 'a'", ')'),
    },
    { name: 'short comments', sql: fill('SELECT 1', '/**/', '') },
    { name: 'comments to the end of a line', sql: fill('SELECT 1', ' -- \n', '') },
    { name: 'quoted names', sql: fill('SELECT "a"', ', "a"', ' FROM orders') },
    { name: 'names in backquotes', sql: fill('SELECT `a`', ', `a`', ' FROM orders') },
    {
      name: 'numbered output names',
      sql: numbered('SELECT id', (index) => `, id AS a${index}`, ' FROM orders'),
    },
    {
      name: 'numbered output names, sorted by',
      sql: `${numbered('SELECT id', (index) => `, 1 a${index}`, '').slice(0, length / 2)} FROM orders ${numbered('ORDER BY 1', (index) => `, a${index}`, '').slice(0, length / 2 - 20)}`.replace(
        /, ?\w* ?\w*( FROM|$)/g,
        '$1',
      ),
    },
    { name: 'expressions to group by', sql: fill('SELECT 1 FROM orders GROUP BY id', ', id') },
    { name: 'expressions to sort by', sql: fill('SELECT 1 FROM orders ORDER BY id', ', id') },
    { name: 'arguments', sql: fill('SELECT coalesce(id', ', id', ') FROM orders') },
    {
      name: 'a chain of OR and brackets',
      sql: fill('SELECT id FROM orders WHERE (id = 1)', ' OR (id = 1)'),
    },
    {
      name: 'a chain of BETWEEN',
      sql: fill('SELECT id FROM orders WHERE id = 1', ' OR id BETWEEN 1 AND 2'),
    },
    {
      name: 'a chain of LIKE',
      sql: fill('SELECT id FROM orders WHERE id = 1', " OR name LIKE 'a'"),
    },
    { name: 'a chain of comparisons', sql: fill('SELECT 1', ' = 1') },
    { name: 'casts', sql: fill('SELECT 1', '::int') },
    { name: 'CAST inside CAST', sql: fill('SELECT ', 'CAST(', '1') },
    { name: 'CASE inside CASE', sql: fill('SELECT ', 'CASE WHEN 1 = 1 THEN ', '1') },
    {
      name: 'joins with USING',
      sql: numbered('SELECT 1 FROM orders', (index) => ` JOIN orders o${index} USING (id)`),
    },
    {
      name: 'natural joins',
      sql: numbered('SELECT 1 FROM orders', (index) => ` NATURAL JOIN orders o${index}`),
    },
    {
      name: 'columns of USING',
      sql: fill('SELECT 1 FROM orders a JOIN orders b USING (id', ', id', ')'),
    },
    {
      name: 'unions of stars',
      sql: fill('SELECT * FROM orders', ' UNION ALL SELECT * FROM orders'),
    },
    { name: 'unions of VALUES', sql: fill('VALUES (1)', ' UNION ALL VALUES (1)') },
    {
      name: 'uses of a common table',
      sql: fill(
        'WITH a AS (SELECT id FROM orders) SELECT 1',
        ', (SELECT id FROM a)',
        ' FROM orders',
      ),
    },
    {
      name: 'uses of a common table with names from around it',
      sql: `${numbered('WITH a AS (SELECT 1', (index) => `, b${index}`, '').slice(0, length / 2)} FROM orders) ${fill(
        'SELECT 1',
        ', (SELECT 1 FROM a)',
        ' FROM orders',
      )
        .slice(0, length / 2 - 40)
        .replace(/, ?\(?[^()]*$/, '')} FROM orders`,
    },
    {
      name: 'subqueries with names from around them',
      sql: fill('SELECT 1', ', (SELECT o.id)', ' FROM orders o'),
    },
    { name: 'EXISTS beside EXISTS', sql: fill('SELECT 1 WHERE 1 = 1', ' AND EXISTS (SELECT 1)') },
    {
      name: 'IN beside IN',
      sql: fill('SELECT 1 FROM orders WHERE 1 = 1', ' AND id IN (SELECT id FROM orders)'),
    },
    { name: 'stars of tables', sql: fill('SELECT o.*', ', o.*', ' FROM orders o') },
    { name: 'operators', sql: fill('SELECT 1', ' <> 1 - 2 * 3 % 4') },
    { name: 'plus signs', sql: fill('SELECT ', '+ ', '1') },
    { name: 'tildes', sql: fill('SELECT ', '~ ', '1') },
    { name: 'letters of other scripts', sql: fill('SELECT "', '\u00e9', '"').slice(0, length / 2) },
    { name: 'collations', sql: fill("SELECT 'a'", ' COLLATE "C"') },
    { name: 'array elements', sql: fill('SELECT ARRAY[1', ', 1', ']') },
    { name: 'subscripts', sql: fill('SELECT a', '[1]', ' FROM orders') },
    {
      name: 'named windows',
      sql: numbered(
        'SELECT 1 FROM orders WINDOW w AS (ORDER BY id)',
        (index) => `, w${index} AS (ORDER BY id)`,
      ),
    },
    {
      name: 'filters of aggregates',
      sql: fill('SELECT 1', ', sum(id) FILTER (WHERE id = 1)', ' FROM orders'),
    },
    { name: 'semicolons', sql: fill('SELECT 1', ';') },
    { name: 'statements', sql: fill('SELECT 1', '; SELECT 1') },
    { name: 'a comment', sql: fill('SELECT 1 /*', '*', '*/') },
    { name: 'open comments', sql: fill('SELECT 1 ', '/*') },
    { name: 'dollar signs', sql: fill('SELECT ', '$a') },
    { name: 'quotes', sql: fill('SELECT ', "'") },
    { name: 'dots', sql: fill('SELECT a', '.a') },
    { name: 'blanks', sql: fill('SELECT', ' ', '1') },
    { name: 'minus signs', sql: fill('SELECT ', '- ', '1') },
    { name: 'NOT', sql: fill('SELECT ', 'NOT ', '1') },
    { name: 'a long name', sql: fill('SELECT ', 'a', ' FROM orders') },
    {
      name: 'windows',
      sql: fill(
        'SELECT sum(id) OVER (ORDER BY id)',
        ', sum(id) OVER (PARTITION BY id ORDER BY id)',
        ' FROM orders',
      ),
    },
  ]
}
