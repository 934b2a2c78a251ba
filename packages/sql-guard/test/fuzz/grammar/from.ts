import { columnsOf, type Relation, tablesOf } from './names.ts'
import type { Pen, Scope } from './scope.ts'
import { condition, expression } from './expressions.ts'

interface Item {
  readonly sql: string
  readonly relations: readonly Relation[]
}

/** The tables of a query. */
export function fromClause(pen: Pen, around: Scope, depth: number): Item {
  let item = joined(pen, around, depth)
  if (pen.chance(0.12)) {
    const next = joined(pen, { ...around, relations: item.relations }, depth - 1)
    item = { sql: `${item.sql}, ${next.sql}`, relations: [...item.relations, ...next.relations] }
  }
  return item
}

function joined(pen: Pen, around: Scope, depth: number): Item {
  let left = factor(pen, around, depth, [])
  const joins = pen.pick([0, 0, 0, 1, 1, 2])
  for (let count = 0; count < joins && depth > 0; count++) {
    const right = factor(pen, around, depth - 1, left.relations)
    const relations = [...left.relations, ...right.relations]
    const scope: Scope = { relations, outer: around.outer, commonTables: around.commonTables }
    const on = (): string =>
      pen.chance(0.6)
        ? `${pen.reference('number', scope)} = ${pen.reference('number', scope)}`
        : condition(pen, scope, 1)
    const shared = sharedColumn(left, right)
    const forms: readonly (() => string)[] = [
      () => `${left.sql} JOIN ${right.sql} ON ${on()}`,
      () => `${left.sql} JOIN ${right.sql} ON ${on()}`,
      () => `${left.sql} LEFT JOIN ${right.sql} ON ${on()}`,
      () => `${left.sql} CROSS JOIN ${right.sql}`,
      ...(shared !== undefined || pen.isBold()
        ? [
            () =>
              `${left.sql} ${pen.pick(['', 'LEFT '])}JOIN ${right.sql} USING (${pen.isBold() ? pen.pick(['email', 'value', 'id, email']) : (shared ?? 'id')})`,
          ]
        : []),
      ...(pen.isBold() || pen.chance(0.1)
        ? [() => `${left.sql} NATURAL ${pen.pick(['', 'LEFT '])}JOIN ${right.sql}`]
        : []),
    ]
    left = { sql: pen.pick(forms)(), relations }
  }
  const isJoin = left.relations.length > 1 && !left.sql.startsWith('(')
  if (isJoin && pen.chance(0.12) && pen.is('postgres', 'sqlite')) {
    const alias = pen.alias()
    const columns = left.relations.flatMap((relation) => relation.columns)
    const names = pen.is('postgres') && pen.chance(0.5) ? ` (${pen.alias()}, ${pen.alias()})` : ''
    return { sql: `(${left.sql}) AS ${alias}${names}`, relations: [{ alias, columns }] }
  }
  return pen.chance(isJoin ? 0.12 : 0.01) ? { ...left, sql: `(${left.sql})` } : left
}

function sharedColumn(left: Item, right: Item): string | undefined {
  const names = (item: Item): readonly string[] =>
    item.relations.flatMap(({ columns }) => columns.map(({ name }) => name))
  const other = new Set(names(right))
  return names(left).find((name) => other.has(name))
}

function factor(pen: Pen, around: Scope, depth: number, before: readonly Relation[]): Item {
  if (depth <= 0 || pen.chance(0.62)) return table(pen, around)
  const lateral: Scope = { ...around, relations: before }
  const forms: readonly (() => Item)[] = [
    () => derived(pen, { ...around, relations: [] }, depth, ''),
    () => derived(pen, { ...around, relations: [] }, depth, ''),
    ...(pen.is('postgres') ? [() => derived(pen, lateral, depth, 'LATERAL ')] : []),
    ...(pen.is('postgres', 'sqlite') ? [() => rowsOf(pen, lateral)] : []),
  ]
  return pen.pick(forms)()
}

function table(pen: Pen, { commonTables }: Scope): Item {
  if (commonTables.length > 0 && pen.chance(0.45)) {
    const found = pen.pick(commonTables)
    return named(pen, found.alias, found)
  }
  const found = pen.pick(tablesOf(pen.flavour, pen.isBold()))
  const schema = pen.is('postgres') ? 'public' : pen.is('sqlite') ? 'main' : 'attacked'
  const forms: readonly string[] = [
    ...Array.from({ length: 8 }, () => found.alias),
    `${schema}.${found.alias}`,
    pen.is('mariadb', 'clickhouse') ? `\`${found.alias}\`` : `"${found.alias}"`,
    ...(pen.is('mariadb', 'clickhouse') ? [] : [found.alias.toUpperCase()]),
    ...(pen.is('postgres') ? [`ONLY ${found.alias}`, `${found.alias} *`] : []),
    ...(pen.is('sqlite') ? [`[${found.alias}]`, `'${found.alias}'`] : []),
    ...(pen.is('clickhouse') ? [`(SELECT * FROM ${found.alias})`] : []),
  ]
  return named(pen, pen.pick(forms), found)
}

function named(pen: Pen, sql: string, found: Relation): Item {
  if (pen.chance(0.25)) return { sql, relations: [found] }
  const alias = pen.alias()
  const as = pen.chance(0.5) ? 'AS ' : ''
  if (pen.is('postgres') && pen.chance(0.12)) {
    const names = Array.from({ length: pen.pick([1, 2, 2, 3]) }, () => pen.alias())
    const columns = found.columns.map((column, index) => ({
      ...column,
      name: names[index] ?? column.name,
    }))
    return { sql: `${sql} AS ${alias} (${names.join(', ')})`, relations: [{ alias, columns }] }
  }
  return { sql: `${sql} ${as}${alias}`, relations: [{ ...found, alias }] }
}

function derived(pen: Pen, around: Scope, depth: number, prefix: string): Item {
  const inner = pen.grammar.freeQuery(pen, around, depth - 1)
  const alias = pen.alias()
  const renames = pen.chance(pen.is('postgres') ? 0.2 : 0.01)
  const names = renames ? inner.columns.map(() => pen.alias()) : undefined
  const columns = inner.columns.map((column, index) => ({
    ...column,
    name: names?.[index] ?? column.name,
  }))
  const list = names === undefined ? '' : ` (${names.join(', ')})`
  return { sql: `${prefix}(${inner.sql}) AS ${alias}${list}`, relations: [{ alias, columns }] }
}

/** Functions that give rows, which see the tables before them. */
function rowsOf(pen: Pen, scope: Scope): Item {
  const alias = pen.alias()
  const one = (): string => expression(pen, 'number', scope, 0)
  const text = (): string => expression(pen, 'text', scope, 0)
  if (pen.is('sqlite')) {
    const columns = columnsOf('key', 'value')
    const json = pen.pick([`'[1,2]'`, `json_array(${text()})`, `json_object('a', ${one()})`])
    return {
      sql: `${pen.pick(['json_each', 'json_tree'])}(${json}) AS ${alias}`,
      relations: [{ alias, columns }],
    }
  }
  const column = pen.alias()
  const forms: readonly string[] = [
    `generate_series(1, 2) AS ${alias}`,
    `generate_series(1, least(${one()}, 3)) AS ${alias} (${column})`,
    `unnest(ARRAY[${one()}, 2]) AS ${alias} (${column})`,
    `unnest(ARRAY[${text()}]) WITH ORDINALITY AS ${alias} (${column}, n)`,
    `ROWS FROM (unnest(ARRAY[${one()}]), generate_series(1, 2)) AS ${alias} (${column}, n)`,
    `json_each(json_build_object('a', ${text()})) AS ${alias}`,
    `jsonb_array_elements_text(jsonb_build_array(${text()})) AS ${alias}`,
    `json_to_recordset('[{"id":1}]') AS ${alias} (id integer, ${column} text)`,
    `(VALUES (${one()}, ${text()})) AS ${alias} (id, ${column})`,
    `regexp_split_to_table(${text()}, ',') AS ${alias}`,
    `XMLTABLE('/a' PASSING xmlelement(name a, ${text()}) COLUMNS ${column} text PATH '.') AS ${alias}`,
  ]
  const columns = [{ name: column, kind: 'number' as const }]
  return { sql: pen.pick(forms), relations: [{ alias, columns: pen.chance(0.5) ? columns : [] }] }
}
