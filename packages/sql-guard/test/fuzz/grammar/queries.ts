import { type Column, columnsOf, type Flavour, type Kind, named, type Relation } from './names.ts'
import type { Random } from '../random.ts'
import { aggregate, condition, expression, windowed } from './expressions.ts'
import { fromClause } from './from.ts'
import { Pen, type Scope, type Written } from './scope.ts'

const nothing: Scope = { relations: [], outer: undefined, commonTables: [] }

/** A whole statement. `boldness` is the share of references that aim at what is hidden. */
export function statement(random: Random, flavour: Flavour, boldness: number): string {
  return freeQuery(new Pen(random, flavour, boldness, { freeQuery, subquery }), nothing, 3).sql
}

/** A query that gives whatever it likes. */
function freeQuery(pen: Pen, scope: Scope, depth: number): Written {
  const kinds = Array.from({ length: pen.pick([1, 2, 2, 3]) }, () =>
    pen.pick<Kind>(['number', 'text']),
  )
  return query(
    pen,
    kinds,
    { ...scope, outer: scope.relations.length > 0 ? scope : scope.outer },
    depth,
  )
}

/** A query inside an expression; `sees` says whether it may name columns around it. */
function subquery(
  pen: Pen,
  kinds: readonly Kind[],
  scope: Scope,
  depth: number,
  sees: boolean,
): string {
  const around: Scope = { ...scope, relations: [], outer: sees ? scope : undefined }
  const isOne = kinds.length === 1 && pen.chance(0.7)
  const { sql } = query(pen, kinds, around, Math.min(depth, 1))
  return isOne && !/\b(LIMIT|UNION|INTERSECT|EXCEPT|VALUES|TABLE)\b/.test(sql) && !pen.is('mariadb')
    ? `${sql} LIMIT 1`
    : sql
}

function query(pen: Pen, kinds: readonly Kind[], around: Scope, depth: number): Written {
  const { sql: list, tables } = depth > 0 && pen.chance(0.22) ? withList(pen, around, depth) : none
  const scope: Scope = { ...around, commonTables: [...around.commonTables, ...tables] }
  let written = select(pen, kinds, scope, depth)
  if (pen.chance(0.12)) {
    const right =
      pen.chance(0.15) && !pen.is('sqlite')
        ? `(${select(pen, kinds, scope, depth - 1).sql})`
        : select(pen, kinds, scope, depth - 1).sql
    const word = pen.pick(['UNION', 'UNION ALL', 'INTERSECT', 'EXCEPT'])
    written = { ...written, sql: `${written.sql} ${word} ${right}` }
  } else if (pen.chance(0.03) && !pen.is('clickhouse')) {
    const row = kinds.map((kind) => expression(pen, kind, { ...scope, relations: [] }, 1))
    return { sql: `VALUES (${row.join(', ')})`, columns: columnsOf('column1', 'column2') }
  }
  const order = pen.chance(0.4) ? ` ORDER BY ${orderBy(pen, written, scope)}` : ''
  const limit =
    order !== '' && pen.chance(pen.is('mariadb') && depth < 3 ? 0.02 : 0.25)
      ? ` LIMIT ${pen.pick(['1', '2', '5'])}`
      : ''
  return { ...written, sql: `${list}${written.sql}${order}${limit}` }
}

const none: { readonly sql: string; readonly tables: readonly Relation[] } = { sql: '', tables: [] }

function orderBy(pen: Pen, { columns }: Written, scope: Scope): string {
  const forms: readonly string[] = [
    ...columns.map((_, index) => String(index + 1)),
    ...columns.map(({ name }) => name),
    ...(pen.isBold() ? [expression(pen, 'number', scope, 1), pen.boldReference(scope)] : []),
  ]
  const all = columns.map((_, index) => String(index + 1)).join(', ')
  return pen.chance(0.5) ? all : `${pen.pick(forms)} ${pen.pick(['ASC', 'DESC'])}, ${all}`
}

function withList(
  pen: Pen,
  around: Scope,
  depth: number,
): { readonly sql: string; readonly tables: readonly Relation[] } {
  const tables: Relation[] = []
  const parts: string[] = []
  const isRecursive = pen.chance(0.3)
  for (let count = pen.pick([1, 1, 2]); count > 0; count--) {
    if (pen.is('clickhouse') && pen.chance(0.35)) {
      const [text, name] = pen.pick(named)
      parts.push(`${text} AS ${name}`)
      continue
    }
    const alias = pen.chance(0.25)
      ? pen.pick(['customers', 'orders', 'secrets', 'email'])
      : pen.alias()
    const scope: Scope = { ...around, commonTables: [...around.commonTables, ...tables] }
    const isLoop = isRecursive && pen.chance(0.5)
    const written = isLoop ? loop(pen, alias, scope) : freeQuery(pen, scope, depth - 1)
    const names =
      isLoop || (pen.chance(0.3) && !pen.is('clickhouse'))
        ? written.columns.map(({ name }) => (isLoop ? name : pen.alias()))
        : undefined
    const list = names === undefined ? '' : ` (${names.join(', ')})`
    parts.push(`${alias}${list} AS (${written.sql})`)
    tables.push({
      alias,
      columns: written.columns.map((column, index) => ({
        ...column,
        name: names?.[index] ?? column.name,
      })),
    })
  }
  return { sql: `WITH ${isRecursive ? 'RECURSIVE ' : ''}${parts.join(', ')} `, tables }
}

/** A common table that refers to itself, and ends. */
function loop(pen: Pen, alias: string, scope: Scope): Written {
  const columns: readonly Column[] = [
    { name: 'n', kind: 'number' },
    { name: pen.alias(), kind: 'text' },
  ]
  const [first, second] = ['number', 'text'].map((kind) =>
    expression(pen, kind as Kind, { ...scope, relations: [] }, 0),
  )
  const start = pen.chance(0.5)
    ? `SELECT 1, ${second}`
    : `SELECT c.id, ${pen.isBold() ? 'c.email' : 'c.name'} FROM customers c`
  const step = `SELECT r.n + 1, ${pen.isBold() ? 'k.email' : `r.${columns[1]?.name ?? 'n'}`} FROM ${alias} r JOIN ${pen.pick(['customers', 'orders'])} k ON k.id = r.n WHERE r.n < 4 AND ${first} IS NOT NULL`
  return { sql: `${start} ${pen.pick(['UNION', 'UNION ALL'])} ${step}`, columns }
}

function select(pen: Pen, kinds: readonly Kind[], around: Scope, depth: number): Written {
  const from = fromClause(pen, around, depth)
  const scope: Scope = { ...around, relations: from.relations }
  const form = pen.random()
  const group = form < 0.15 ? pen.pick<Kind>(['number', 'text']) : undefined
  const isOneRow = form > (depth <= 1 ? 0.6 : 0.88)
  const key = group === undefined ? '' : keyOf(pen, group, scope)
  const columns: Column[] = []
  const items = kinds.map((kind, index) => {
    const name = pen.chance(0.1) ? pen.alias() : `k${index}`
    columns.push({ name, kind })
    const value =
      group === undefined
        ? isOneRow
          ? aggregate(pen, kind, scope, depth)
          : pen.chance(0.1)
            ? windowed(pen, kind, scope, depth - 1)
            : expression(pen, kind, scope, depth)
        : kind === group && pen.chance(0.5)
          ? key
          : aggregate(pen, kind, scope, 1)
    return `${value} AS ${name}`
  })
  if (pen.isBold()) items.splice(0, items.length, star(pen, from.relations))
  const parts = [
    `SELECT ${pen.pick(['', '', '', '', 'DISTINCT '])}${items.join(', ')}`,
    `FROM ${from.sql}`,
    pen.chance(0.45) ? `WHERE ${condition(pen, scope, depth)}` : '',
    group === undefined ? '' : `GROUP BY ${grouping(pen, key, scope)}`,
    group !== undefined && pen.chance(0.3)
      ? `HAVING count(*) > ${expression(pen, 'number', { ...scope, relations: [] }, 0)}`
      : '',
    items.join(' ').includes('OVER win')
      ? `WINDOW win AS (ORDER BY ${expression(pen, 'number', scope, 0)})`
      : '',
  ]
  return { sql: parts.filter((part) => part !== '').join(' '), columns }
}

/** What rows are grouped by: an expression over columns, since a constant is a position. */
function keyOf(pen: Pen, kind: Kind, scope: Scope): string {
  const column = pen.reference(kind, scope)
  if (pen.chance(0.5) || !column.includes('.')) return column
  return kind === 'number' ? `${column} % 2` : `upper(${column})`
}

function star(pen: Pen, relations: readonly Relation[]): string {
  return pen.chance(0.5) || relations.length === 0 ? '*' : `${pen.pick(relations).alias}.*`
}

function grouping(pen: Pen, key: string, scope: Scope): string {
  if (!pen.is('postgres') || pen.chance(0.6)) return key
  const other = pen.reference('text', scope)
  return pen.pick([
    `ROLLUP (${key}, ${other})`,
    `CUBE (${key}, ${other})`,
    `GROUPING SETS ((${key}), (${other}), ())`,
  ])
}
