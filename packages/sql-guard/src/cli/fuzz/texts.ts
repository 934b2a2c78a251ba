import type { Catalog, CatalogTable } from '../../catalog/catalog.ts'
import type { EmbeddedEngine } from './engine.ts'
import type { Hidden } from './worlds.ts'

/** Makes texts that try to get at hidden things, the same ones for the same seed. */
export function* fuzzTexts(
  catalog: Catalog,
  hidden: readonly Hidden[],
  engine: EmbeddedEngine,
  seed: number,
  texts: number,
): Generator<string> {
  const random = randomOf(seed)
  const pick = <Value>(values: readonly Value[]): Value | undefined =>
    values[Math.floor(random() * values.length)]
  const tables = catalog.tables.filter(({ columns }) => columns.length > 0)
  const views = tables.filter(({ kind }) => kind === 'view')
  for (let index = 0; index < texts; index++) {
    const target = pick(hidden) ?? anyOf(pick(tables))
    const around = pick(tables)
    const place = pick(places)
    const probe = pick(probes)
    if (
      target === undefined ||
      around === undefined ||
      place === undefined ||
      probe === undefined
    ) {
      return
    }
    const key = pick(around.columns)?.name ?? 'rowid'
    const keyOf = (name: string): string =>
      engine.rowId(tables.find((each) => each.name === name)?.columns[0]?.name ?? key)
    const view = pick(views)
    const inner = probe({
      table: target.table,
      column: pick(engine.spellings(target.column)) ?? target.column,
      view: view?.name ?? target.table,
      viewColumn: pick(view?.columns ?? [])?.name ?? target.column,
      level: Math.floor(random() * 8),
      id: keyOf(target.table),
      engine,
    })
    const outer = random() < 0.3 ? pick(places) : undefined
    const text = place({
      table: around.name,
      key,
      id: keyOf(around.name),
      engine,
      one: `(CASE WHEN ${inner} THEN 1 ELSE 2 END)`,
    })
    yield outer === undefined
      ? text
      : outer({
          table: around.name,
          key,
          id: keyOf(around.name),
          engine,
          one: `coalesce((SELECT * FROM (${text}) AS p LIMIT 1), 2)`,
        })
  }
}

function anyOf(table: CatalogTable | undefined): Hidden | undefined {
  const [column] = table?.columns ?? []
  return table === undefined || column === undefined
    ? undefined
    : { table: table.name, column: column.name }
}

interface Aim {
  readonly table: string
  readonly column: string
  readonly view: string
  readonly viewColumn: string
  readonly level: number
  /** What tells the rows of the table apart. */
  readonly id: string
  readonly engine: EmbeddedEngine
}

/** Conditions that depend on a hidden value. */
const probes: readonly ((aim: Aim) => string)[] = [
  ({ table, column, level, engine }) =>
    `EXISTS (SELECT 1 FROM ${table} h WHERE ${engine.asNumber(`h.${column}`)} > ${level})`,
  ({ table, column, level, engine }) =>
    `(SELECT ${engine.asText(column)} FROM ${table} LIMIT 1 OFFSET ${level}) LIKE 'a%'`,
  ({ table, column, level, id, engine }) =>
    `(SELECT max(${engine.asText(column)}) FROM ${table} WHERE ${id} = ${level}) > 'c'`,
  ({ table, column, level, id }) =>
    `(SELECT sum(${column}) FROM ${table} WHERE ${id} < ${level}) > ${level}`,
  ({ table, column, id }) =>
    `(SELECT avg(h.${column}) FROM ${table} h JOIN ${table} i ON h.${id} = 1) > 2`,
  ({ table, column, level }) =>
    `(SELECT count(${column}) FILTER (WHERE ${column} > ${level}) FROM ${table}) > 2`,
  ({ table, column, engine }) => `(SELECT ${engine.joined(column)} FROM ${table}) > 'b'`,
  ({ table, column }) =>
    `EXISTS (SELECT 1 FROM ${table} NATURAL JOIN (SELECT 2 AS ${column}) AS n)`,
  ({ table, column, id }) =>
    `EXISTS (SELECT 1 FROM ${table} JOIN (SELECT 3 AS ${column}, 1 AS rowid_) x USING (${column}) WHERE ${table}.${id} = 1)`,
  ({ table }) => `(SELECT count(*) FROM ${table}) > 5`,
  ({ table, level, id }) => `(SELECT count(*) FROM ${table} WHERE ${id} = ${level}) = 1`,
  ({ table, column, engine }) =>
    `(WITH ${table} AS (SELECT ${engine.asText(column)} AS c FROM ${engine.schema}.${table}) SELECT min(c) FROM ${table}) < 'b'`,
  ({ table, column, level, engine }) =>
    `(WITH w (c) AS (SELECT * FROM (SELECT ${engine.asText(column)} FROM ${table} ORDER BY 1) AS v) SELECT c FROM w LIMIT 1 OFFSET ${level}) > 'c'`,
  ({ table, column, id }) => `(SELECT ${id} FROM ${table} ORDER BY ${column} DESC LIMIT 1) = 1`,
  ({ table, column, id }) =>
    `(SELECT min(${id}) FROM ${table} GROUP BY ${column} ORDER BY ${column} LIMIT 1) = 1`,
  ({ table, column, id }) =>
    `(SELECT first_value(${id}) OVER (ORDER BY ${column}) FROM ${table} LIMIT 1) = 1`,
  ({ view, viewColumn, level, engine }) =>
    `EXISTS (SELECT 1 FROM ${view} WHERE ${engine.asText(viewColumn)} > 'c' LIMIT ${level})`,
  ({ view, level }) => `(SELECT count(*) FROM ${view}) > ${level}`,
  ({ table, column, level, id }) => `${level} IN (SELECT ${column} FROM ${table} WHERE ${id} = 1)`,
  ({ table }) => `EXISTS (SELECT * FROM ${table} EXCEPT SELECT * FROM ${table} LIMIT 3)`,
  ({ table, column, engine }) => `(SELECT ${engine.asJson(column)} FROM ${table}) LIKE '%1%2%'`,
  ({ table, column, engine }) =>
    `(SELECT ${engine.total(`DISTINCT ${column}`)} - ${engine.total(column)} FROM ${table}) = 0`,
]

interface Around {
  readonly table: string
  readonly key: string
  readonly one: string
  /** What tells the rows of the table apart. */
  readonly id: string
  readonly engine: EmbeddedEngine
}

/** Places of a statement whose answer depends on an expression. */
const places: readonly ((around: Around) => string)[] = [
  ({ table, key, one, id }) => `SELECT c.${key}, ${one} FROM ${table} c ORDER BY c.${id}`,
  ({ table, one }) => `SELECT count(*) FROM ${table} c WHERE ${one} = 1`,
  ({ table, one, id }) => `SELECT c.${id} FROM ${table} c ORDER BY ${one} * c.${id} * -1`,
  ({ table, one, id }) => `SELECT count(*) FROM ${table} c GROUP BY ${one} * c.${id} % 2`,
  ({ table, one }) => `SELECT count(*) FROM ${table} c HAVING ${one} = 1`,
  ({ table, one, id }) =>
    `SELECT sum(c.${id}) OVER (PARTITION BY c.${id} % (${one} + 1)) FROM ${table} c`,
  ({ table, one, id }) => `SELECT c.${id} FROM ${table} c LIMIT ${one}`,
  ({ table, one, id }) =>
    `SELECT a.${id} FROM ${table} a LEFT JOIN ${table} b ON b.${id} = a.${id} AND ${one} = 1`,
  ({ table, one, id }) =>
    `SELECT x.n FROM (SELECT c.${id} * ${one} AS n FROM ${table} c) x ORDER BY 1`,
  ({ table, one }) => `WITH w AS (SELECT ${one} AS n FROM ${table} c) SELECT sum(n) FROM w`,
  ({ table, one, id }) => `SELECT c.${id} FROM ${table} c UNION SELECT ${one} + 100 ORDER BY 1`,
  ({ table, one, id }) => `SELECT count(DISTINCT c.${id} * ${one}), max(${one}) FROM ${table} c`,
  ({ table, one, engine }) =>
    `SELECT j.value FROM ${table} c, ${engine.twoRows} WHERE j.value = ${one}`,
  ({ one }) => `VALUES (${one})`,
]

/** Numbers from 0 up to 1, the same ones for the same seed. */
function randomOf(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
