import type { Dialect } from './dialect.ts'
import type { Query, Select, Statement } from './tree.ts'

/** One promise of the port, and how to check that a dialect keeps it. */
export interface DialectPromise {
  readonly promise: string
  /** Rejects with an error that says what is not as promised. */
  readonly check: (dialect: Dialect) => Promise<void>
}

/**
 * What every {@link Dialect} promises. Run each check against a dialect of your own.
 *
 * @example
 * ```ts
 * import { sqlite } from '@t2t/sql-guard/sqlite'
 * import { dialectContract } from '@t2t/sql-guard/testing'
 *
 * for (const { check } of dialectContract) await check(sqlite())
 * ```
 */
export const dialectContract: readonly DialectPromise[] = [
  promise('gives one query for one SELECT', async (dialect) => {
    const select = selectOf(await only(dialect, 'SELECT total FROM orders'))

    equal(select.items.length, 1)
    equal(select.from[0]?.kind, 'table')
  }),
  promise('gives every statement of a script, in order', async (dialect) => {
    const kinds = (await parse(dialect, 'SELECT 1; DELETE FROM orders; SELECT 2')).map(
      ({ kind }) => kind,
    )

    equal(kinds.join(), 'query,other,query')
  }),
  promise('gives no statement for a text without one', async (dialect) => {
    equal((await parse(dialect, ' -- nothing\n')).length, 0)
  }),
  promise('says what a statement is that does not only read', async (dialect) => {
    for (const text of ['DELETE FROM orders', 'DROP TABLE orders', 'UPDATE orders SET total = 1']) {
      const [statement] = await parse(dialect, text)
      equal(statement?.kind, 'other')
      if (statement?.kind === 'other')
        ok(text.startsWith(statement.name.split(' ')[0] ?? '?'), text)
    }
  }),
  promise('gives a finding for a text that the engine cannot read', async (dialect) => {
    await dialect.load()
    const parsed = dialect.parse('SELECT FROM WHERE', bounds)

    equal(parsed.kind === 'failed' ? parsed.finding.code : parsed.kind, 'syntax-invalid')
  }),
  promise('gives spans in the units of JavaScript strings', async (dialect) => {
    const text = "SELECT '\u00e9\u{1f600}', total FROM orders"
    const item = selectOf(await only(dialect, text)).items[1]?.expression

    equal(item === undefined ? '' : text.slice(item.span.start, item.span.end), 'total')
  }),
  promise('unquotes names', async (dialect) => {
    const name = dialect.traits.quoteName('a "`b')
    const item = selectOf(await only(dialect, `SELECT ${name} FROM orders`)).items[0]?.expression

    equal(item?.kind === 'column' ? item.parts.join() : item?.kind, 'a "`b')
  }),
  promise('keeps every table of a join', async (dialect) => {
    const query = await only(dialect, 'SELECT 1 FROM a JOIN (b CROSS JOIN c) ON 1 = 1, d')

    equal(tablesOf(query).join(), 'a,b,c,d')
  }),
  promise('keeps the names of USING, and NATURAL', async (dialect) => {
    const joins = [
      selectOf(await only(dialect, 'SELECT 1 FROM a JOIN b USING (x, y)')).from[0],
      selectOf(await only(dialect, 'SELECT 1 FROM a NATURAL JOIN b')).from[0],
    ]

    equal(
      joins
        .map(
          (join) =>
            join?.kind === 'join' &&
            [...join.using.map(({ name }) => name), join.isNatural].join('+'),
        )
        .join(),
      'x+y+false,true',
    )
  }),
  promise('gives a limit as a constant that can be replaced', async (dialect) => {
    const text = 'SELECT total FROM orders LIMIT 5000 OFFSET 7'
    const { limit } = await only(dialect, text)

    equal(limit?.kind === 'literal' ? limit.integer : limit?.kind, 5000)
    equal(limit === undefined ? '' : text.slice(limit.span.start, limit.span.end), '5000')
  }),
  promise('keeps subqueries in every place of an expression', async (dialect) => {
    const text =
      'SELECT CASE WHEN EXISTS (SELECT 1 FROM a) THEN (SELECT 1 FROM b) END FROM c WHERE x IN (SELECT 1 FROM d) ' +
      'GROUP BY (SELECT 1 FROM e) HAVING max((SELECT 1 FROM f)) > 0 ORDER BY (SELECT 1 FROM g)'

    equal(
      tablesOf(await only(dialect, text))
        .sort()
        .join(),
      'a,b,c,d,e,f,g',
    )
  }),
  promise('stops at the depth that it is given', async (dialect) => {
    await dialect.load()
    const text = `SELECT ${'abs('.repeat(40)}1${')'.repeat(40)}`
    const parsed = dialect.parse(text, { maxDepth: 20, maxJoins: 4 })

    equal(parsed.kind === 'failed' ? parsed.finding.code : parsed.kind, 'limit-exceeded')
  }),
  promise('does not count a long chain of operators as depth', async (dialect) => {
    const chain = Array.from({ length: 500 }, (_, index) => `total = ${index}`).join(' OR ')

    selectOf(await only(dialect, `SELECT total FROM orders WHERE ${chain}`))
  }),
  promise('stops at the number of joins that it is given', async (dialect) => {
    await dialect.load()
    const text = `SELECT 1 FROM a${' JOIN b ON 1 = 1'.repeat(9)}`
    const parsed = dialect.parse(text, { maxDepth: 64, maxJoins: 4 })

    equal(parsed.kind === 'failed' ? parsed.finding.code : parsed.kind, 'limit-exceeded')
  }),
  promise('knows functions that only compute, and no others', async ({ traits }) => {
    for (const name of ['count', 'sum', 'lower', 'abs']) ok(traits.safeFunctions.has(name), name)
    for (const name of ['load_extension', 'pg_read_file', 'pg_sleep', 'load_file', 'sleep']) {
      ok(!traits.safeFunctions.has(name), name)
    }
  }),
]

const bounds = { maxDepth: 64, maxJoins: 16 }

function promise(text: string, check: DialectPromise['check']): DialectPromise {
  return { promise: text, check }
}

async function parse(dialect: Dialect, text: string): Promise<readonly Statement[]> {
  await dialect.load()
  const parsed = dialect.parse(text, bounds)
  if (parsed.kind === 'failed') throw new Error(`${parsed.finding.code} for: ${text}`)
  return parsed.statements
}

async function only(dialect: Dialect, text: string): Promise<Query> {
  const [statement, second] = await parse(dialect, text)
  if (statement?.kind !== 'query' || second !== undefined) throw new Error(`Not one query: ${text}`)
  return statement.query
}

function selectOf({ body }: Query): Select {
  if (body.kind !== 'select') throw new Error(`Expected a select, got ${body.kind}.`)
  return body
}

/** The names of all tables, wherever they stand. */
function tablesOf(node: unknown): string[] {
  if (typeof node !== 'object' || node === null) return []
  if ('path' in node && Array.isArray(node.path)) return [node.path.join('.')]
  return Object.values(node).flatMap(tablesOf)
}

function equal(actual: unknown, expected: unknown): void {
  ok(Object.is(actual, expected), `got ${String(actual)}, expected ${String(expected)}`)
}

function ok(holds: boolean, what: string): void {
  if (!holds) throw new Error(`The dialect breaks its promise: ${what}.`)
}
