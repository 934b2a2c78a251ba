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
