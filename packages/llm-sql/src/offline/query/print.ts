import type { CatalogTable, DialectName } from '@t2t/sql-guard'
import type { JoinTree } from '../../schema/join-path.ts'
import { joinTables, repeatsRowsOf, shortestPath } from '../../schema/join-path.ts'
import type { Catalog } from '@t2t/sql-guard'
import { withAliases } from './alias.ts'
import { quoted } from './quote.ts'
import { leftOf, tablesOf, type Condition, type Expression, type Query } from './query.ts'

interface Printing {
  readonly catalog: Catalog
  readonly tree: JoinTree
  readonly dialect: DialectName
}

/** Writes a query as SQL in the dialect of its catalog. */
export function printQuery(query: Query, catalog: Catalog, tree: JoinTree): string {
  const printing: Printing = { catalog, tree, dialect: catalog.dialect }
  const print = (expression: Expression): string => printExpression(expression, printing)
  const outputs = withAliases(query.outputs, tree).map(({ output, alias }) =>
    alias === undefined ? print(output) : `${print(output)} AS ${quoted(alias, printing.dialect)}`,
  )
  const lines = [
    `SELECT ${query.isDistinct ? 'DISTINCT ' : ''}${outputs.join(', ')}`,
    ...printTree(printing),
  ]
  if (query.where.length > 0)
    lines.push(`WHERE ${query.where.map((one) => printCondition(one, printing)).join(' AND ')}`)
  if (query.groups.length > 0) lines.push(`GROUP BY ${query.groups.map(print).join(', ')}`)
  if (query.having.length > 0)
    lines.push(`HAVING ${query.having.map((one) => printCondition(one, printing)).join(' AND ')}`)
  if (query.order.length > 0) {
    lines.push(
      `ORDER BY ${query.order.map(({ by, direction }) => `${print(by)}${direction === 'descending' ? ' DESC' : ''}`).join(', ')}`,
    )
  }
  if (query.limit !== undefined) lines.push(`LIMIT ${query.limit}`)
  return lines.join('\n')
}

function printTree(printing: Printing): readonly string[] {
  const [first, ...others] = printing.tree.tables
  return [
    `FROM ${first === undefined ? '' : tableName(first, printing)}`,
    ...others.map(
      (table, index) => `JOIN ${tableName(table, printing)} ON ${joinCondition(index, printing)}`,
    ),
  ]
}

function tableName(table: CatalogTable, { catalog, dialect }: Printing): string {
  const name = quoted(table.name, dialect)
  const isPlain =
    catalog.searchPath.includes(table.schema) &&
    catalog.tables.filter((other) => other.name === table.name).length === 1
  return isPlain ? name : `${quoted(table.schema, dialect)}.${name}`
}

function columnName(table: CatalogTable, column: string, printing: Printing): string {
  const name = quoted(column, printing.dialect)
  return printing.tree.tables.length === 1 && printing.tree.tables[0] === table
    ? name
    : `${tableName(table, printing)}.${name}`
}

function joinCondition(index: number, printing: Printing): string {
  const join = printing.tree.joins[index]
  if (join === undefined) return ''
  return join.columns
    .map(
      (column, at) =>
        `${columnName(join.many, column, printing)} = ${columnName(join.one, join.references[at] ?? column, printing)}`,
    )
    .join(' AND ')
}

function printExpression(expression: Expression, printing: Printing): string {
  switch (expression.kind) {
    case 'column':
      return columnName(expression.table, expression.column.name, printing)
    case 'measure':
      return expression.expression
    case 'count': {
      const [key] = expression.table.primaryKey
      if (!repeatsRowsOf(printing.tree, expression.table) || key === undefined) return 'COUNT(*)'
      return `COUNT(DISTINCT ${columnName(expression.table, key, printing)})`
    }
    case 'count-distinct':
      return `COUNT(DISTINCT ${printExpression(expression.of, printing)})`
    case 'aggregate':
      return `${expression.aggregate.toUpperCase()}(${printExpression(expression.of, printing)})`
    case 'bucket':
      return bucket(expression.unit, printExpression(expression.of, printing), printing.dialect)
  }
}

function bucket(unit: 'day' | 'month' | 'year', column: string, dialect: DialectName): string {
  if (dialect === 'sqlite') {
    const format = { day: '%Y-%m-%d', month: '%Y-%m', year: '%Y' }[unit]
    return `strftime('${format}', ${column})`
  }
  const format = { day: 'YYYY-MM-DD', month: 'YYYY-MM', year: 'YYYY' }[unit]
  return `to_char(${column}, '${format}')`
}

function printCondition(condition: Condition, printing: Printing): string {
  const print = (expression: Expression): string => printExpression(expression, printing)
  switch (condition.kind) {
    case 'compare':
      return `${print(condition.left)} ${condition.operator} ${literal(condition.value)}`
    case 'in':
      return `${print(condition.left)} IN (${condition.values.map(literal).join(', ')})`
    case 'between':
      return `${print(condition.left)} BETWEEN ${literal(condition.low)} AND ${literal(condition.high)}`
    case 'time': {
      const left = print(condition.left)
      const { start, end } = condition.range
      return [
        start === undefined ? '' : `${left} >= ${literal(start)}`,
        end === undefined ? '' : `${left} < ${literal(end)}`,
      ]
        .filter((part) => part !== '')
        .join(' AND ')
    }
    case 'like': {
      const escaped = condition.text.replaceAll(/[\\%_]/g, '\\$&')
      const pattern = `${condition.place === 'start' ? '' : '%'}${escaped}${condition.place === 'end' ? '' : '%'}`
      const like = printing.dialect === 'postgres' ? 'ILIKE' : 'LIKE'
      const escape =
        escaped === condition.text || printing.dialect === 'postgres' ? '' : " ESCAPE '\\'"
      return `${print(condition.left)} ${condition.isNegated ? 'NOT ' : ''}${like} ${literal(pattern)}${escape}`
    }
    case 'than-average': {
      const tables =
        condition.left.kind === 'column'
          ? [condition.left.table]
          : condition.left.kind === 'measure'
            ? condition.left.tables
            : []
      const [table] = tables
      const inner = { ...printing, tree: { tables: tables.slice(0, 1), joins: [] } }
      return `${print(condition.left)} ${condition.operator} (SELECT AVG(${printExpression(condition.left, inner)}) FROM ${table === undefined ? '' : tableName(table, printing)})`
    }
    case 'within':
      return printWithin(condition, printing)
    case 'any':
      return `(${condition.of.map((one) => printCondition(one, printing)).join(' OR ')})`
    case 'without':
      return printWithout(condition, printing)
  }
}

function printWithin(
  { left, where, isNegated }: Extract<Condition, { kind: 'within' }>,
  printing: Printing,
): string {
  const tables = [left.table, ...where.flatMap(leftOf).flatMap(tablesOf)]
  const tree = joinTables(printing.catalog, tables) ?? { tables: [left.table], joins: [] }
  const inner = { ...printing, tree }
  const conditions = where.map((one) => printCondition(one, inner)).join(' AND ')
  const isKnown =
    isNegated && left.column.isNullable ? [`${printExpression(left, inner)} IS NOT NULL`] : []
  const lines = [
    `SELECT ${printExpression(left, inner)}`,
    ...printTree(inner),
    `WHERE ${[conditions, ...isKnown].join(' AND ')}`,
  ]
  return `${printExpression(left, printing)} ${isNegated ? 'NOT IN' : 'IN'} (${lines.join(' ')})`
}

function printWithout(
  { table, other, where = [] }: Extract<Condition, { kind: 'without' }>,
  printing: Printing,
): string {
  const path = shortestPath(printing.catalog, [table], other) ?? []
  const inner = { ...printing, tree: { tables: path.map(({ to }) => to), joins: [] } }
  const outer = { ...printing, tree: { tables: [table, other], joins: [] } }
  const [first, ...rest] = path
  if (first === undefined) return '1 = 1'
  const link = first.join.columns
    .map((column, at) => {
      const reference = first.join.references[at] ?? column
      return `${columnName(first.join.many, column, outer)} = ${columnName(first.join.one, reference, outer)}`
    })
    .join(' AND ')
  const joins = rest.map(({ join, to }) => {
    const on = join.columns
      .map(
        (column, at) =>
          `${columnName(join.many, column, outer)} = ${columnName(join.one, join.references[at] ?? column, outer)}`,
      )
      .join(' AND ')
    return ` JOIN ${tableName(to, inner)} ON ${on}`
  })
  return `NOT EXISTS (SELECT 1 FROM ${tableName(first.to, inner)}${joins.join('')} WHERE ${[link, ...where.map((one) => printCondition(one, outer))].join(' AND ')})`
}

function literal(value: string | number): string {
  if (typeof value === 'number') return String(value)
  return `'${value.replaceAll("'", "''")}'`
}
