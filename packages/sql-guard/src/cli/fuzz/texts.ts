import type { Catalog, CatalogTable } from '../../catalog/catalog.ts'
import type { Hidden } from './worlds.ts'

/** Makes texts that try to get at hidden things, the same ones for the same seed. */
export function* fuzzTexts(
  catalog: Catalog,
  hidden: readonly Hidden[],
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
    const view = pick(views)
    const inner = probe({
      table: target.table,
      column: written(target.column, random),
      view: view?.name ?? target.table,
      viewColumn: pick(view?.columns ?? [])?.name ?? target.column,
      level: Math.floor(random() * 8),
    })
    const outer = random() < 0.3 ? pick(places) : undefined
    const text = place({ table: around.name, key, one: `(CASE WHEN ${inner} THEN 1 ELSE 2 END)` })
    yield outer === undefined
      ? text
      : outer({ table: around.name, key, one: `coalesce((SELECT * FROM (${text}) LIMIT 1), 2)` })
  }
}

function anyOf(table: CatalogTable | undefined): Hidden | undefined {
  const [column] = table?.columns ?? []
  return table === undefined || column === undefined
    ? undefined
    : { table: table.name, column: column.name }
}

/** A name in one of the ways in which SQLite lets it be written. */
function written(name: string, random: () => number): string {
  const forms = [name, `"${name}"`, `[${name}]`, `\`${name}\``, name.toUpperCase(), `/**/${name}`]
  return forms[Math.floor(random() * forms.length)] ?? name
}

interface Aim {
  readonly table: string
  readonly column: string
  readonly view: string
  readonly viewColumn: string
  readonly level: number
}

/** Conditions that depend on a hidden value. */
const probes: readonly ((aim: Aim) => string)[] = [
  ({ table, column, level }) => `EXISTS (SELECT 1 FROM ${table} h WHERE h.${column} > ${level})`,
  ({ table, column, level }) =>
    `(SELECT ${column} FROM ${table} LIMIT 1 OFFSET ${level}) LIKE 'a%'`,
  ({ table, column, level }) =>
    `(SELECT max(${column}) FROM ${table} WHERE rowid = ${level}) > 'c'`,
  ({ table, column, level }) =>
    `(SELECT sum(${column}) FROM ${table} WHERE rowid < ${level}) > ${level}`,
  ({ table, column }) =>
    `(SELECT avg(h.${column}) FROM ${table} h JOIN ${table} i ON h.rowid = 1) > 2`,
  ({ table, column, level }) =>
    `(SELECT count(${column}) FILTER (WHERE ${column} > ${level}) FROM ${table}) > 2`,
  ({ table, column }) => `(SELECT group_concat(${column}) FROM ${table}) > 'b'`,
  ({ table, column }) => `EXISTS (SELECT 1 FROM ${table} NATURAL JOIN (SELECT 2 AS ${column}))`,
  ({ table, column }) =>
    `EXISTS (SELECT 1 FROM ${table} JOIN (SELECT 3 AS ${column}, 1 AS rowid_) x USING (${column}) WHERE ${table}.rowid = 1)`,
  ({ table }) => `(SELECT count(*) FROM ${table}) > 5`,
  ({ table, level }) => `(SELECT count(*) FROM ${table} WHERE rowid = ${level}) = 1`,
  ({ table, column }) =>
    `(WITH ${table} AS (SELECT ${column} AS c FROM main.${table}) SELECT min(c) FROM ${table}) < 'b'`,
  ({ table, column, level }) =>
    `(WITH w (c) AS (SELECT * FROM (SELECT ${column} FROM ${table} ORDER BY 1)) SELECT c FROM w LIMIT 1 OFFSET ${level}) > 'c'`,
  ({ table, column }) => `(SELECT rowid FROM ${table} ORDER BY ${column} DESC LIMIT 1) = 1`,
  ({ table, column }) => `(SELECT rowid FROM ${table} GROUP BY ${column} LIMIT 1) = 1`,
  ({ table, column }) =>
    `(SELECT first_value(rowid) OVER (ORDER BY ${column}) FROM ${table} LIMIT 1) = 1`,
  ({ view, viewColumn, level }) =>
    `EXISTS (SELECT 1 FROM ${view} WHERE ${viewColumn} > 'c' LIMIT ${level})`,
  ({ view, level }) => `(SELECT count(*) FROM ${view}) > ${level}`,
  ({ table, column, level }) => `${level} IN (SELECT ${column} FROM ${table} WHERE rowid = 1)`,
  ({ table }) => `EXISTS (SELECT * FROM ${table} EXCEPT SELECT * FROM ${table} LIMIT 3)`,
  ({ table, column }) => `(SELECT json_group_array(${column}) FROM ${table}) LIKE '%1%2%'`,
  ({ table, column }) => `(SELECT total(DISTINCT ${column}) - total(${column}) FROM ${table}) = 0`,
]

interface Around {
  readonly table: string
  readonly key: string
  readonly one: string
}

/** Places of a statement whose answer depends on an expression. */
const places: readonly ((around: Around) => string)[] = [
  ({ table, key, one }) => `SELECT c.${key}, ${one} FROM ${table} c ORDER BY c.rowid`,
  ({ table, one }) => `SELECT count(*) FROM ${table} c WHERE ${one} = 1`,
  ({ table, one }) => `SELECT c.rowid FROM ${table} c ORDER BY ${one} * c.rowid * -1`,
  ({ table, one }) => `SELECT count(*) FROM ${table} c GROUP BY ${one} * c.rowid % 2`,
  ({ table, one }) => `SELECT count(*) FROM ${table} c HAVING ${one} = 1`,
  ({ table, one }) =>
    `SELECT sum(c.rowid) OVER (PARTITION BY c.rowid % (${one} + 1)) FROM ${table} c`,
  ({ table, one }) => `SELECT c.rowid FROM ${table} c LIMIT ${one}`,
  ({ table, one }) =>
    `SELECT a.rowid FROM ${table} a LEFT JOIN ${table} b ON b.rowid = a.rowid AND ${one} = 1`,
  ({ table, one }) => `SELECT x.n FROM (SELECT c.rowid * ${one} AS n FROM ${table} c) x ORDER BY 1`,
  ({ table, one }) => `WITH w AS (SELECT ${one} AS n FROM ${table} c) SELECT sum(n) FROM w`,
  ({ table, one }) => `SELECT c.rowid FROM ${table} c UNION SELECT ${one} + 100 ORDER BY 1`,
  ({ table, one }) => `SELECT count(DISTINCT c.rowid * ${one}), max(${one}) FROM ${table} c`,
  ({ table, one }) => `SELECT value FROM ${table} c, json_each('[1,2]') j WHERE j.value = ${one}`,
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
