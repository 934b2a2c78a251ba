import type { ColumnExpression } from '../../dialect/tree.ts'
import type { Context, Position } from '../context.ts'
import { nearColumns } from './candidates.ts'
import { byBareName } from '../from/from.ts'
import { noteSources, noteWhole, refuseUntraceable } from './note.ts'
import { type Column, type Relation, type Scope, type Source, sourcesOf } from '../relation.ts'

/** Resolves a reference to a column, or to what else the name may mean. */
export function resolveColumn(
  context: Context,
  expression: ColumnExpression,
  position: Position,
): readonly Source[] {
  const { parts, span } = expression
  const [key = ''] = parts.slice(-1)
  const found = findSources(context, expression, position)
  if (found !== undefined) {
    noteSources(context, found, position.use, { span, name: parts.join('.') })
    return found
  }
  if (parts.length === 1) {
    const whole = context.traits.hasWholeRows
      ? findRelation(context, parts, position.scope)
      : undefined
    if (whole !== undefined) return noteWhole(context, whole, position.use, span)
    if (expression.asString !== undefined) {
      const text = `'${expression.asString.replaceAll("'", "''")}'`
      context.reads.strings.push({ span, text })
      return []
    }
    if (context.traits.constantNames.includes(key)) return []
  }
  context.reads.report({
    code: 'column-unknown',
    message: `There is no column ${parts.join('.')} here.`,
    span,
    subject: parts.join('.'),
    candidates: nearColumns(
      context,
      key,
      position.scope,
      findRelation(context, parts.slice(0, -1), position.scope)?.columns,
    ),
  })
  return []
}

/** What a reference to a column reads, without noting it. */
export function findSources(
  context: Context,
  expression: ColumnExpression,
  position: Position,
): readonly Source[] | undefined {
  const [key = ''] = expression.parts.slice(-1)
  return expression.parts.length === 1
    ? findBare(context, expression, key, position)
    : findQualified(context, expression, key, position)
}

function findBare(
  context: Context,
  { span }: ColumnExpression,
  key: string,
  { scope, clause, use }: Position,
): readonly Source[] | undefined {
  const { traits } = context
  for (let level: Scope | undefined = scope; level !== undefined; level = level.outer) {
    const columns = byBareName(level, key)
    if (columns.length > 0) {
      const isKnown = level.columns.some((column) => column.key === key)
      if (isKnown && columns.length > 1 && isInSeveral(level, key)) {
        refuseAmbiguous(context, key, span)
      }
      if (!isKnown && traits.hasWholeRows) {
        const whole = findRelation(context, [key], scope)
        if (whole !== undefined) noteWhole(context, whole, use, span)
      }
      return sourcesOf(columns)
    }
    const rowId = traits.rowIdNames.includes(key) ? rowIdOf(level) : undefined
    if (rowId !== undefined) return rowId.sources
    const mayUseAlias = level === scope && traits.aliasesIn.some((each) => each === clause)
    const alias = mayUseAlias ? level.aliases.find((column) => column.key === key) : undefined
    if (alias !== undefined) return alias.sources
  }
  return undefined
}

/** Two columns of one relation are ambiguous to some engines only, and read the same relation. */
function isInSeveral({ relations }: Scope, key: string): boolean {
  return relations.filter(({ columns }) => columns.some((each) => each.key === key)).length > 1
}

function refuseAmbiguous(context: Context, key: string, span: ColumnExpression['span']): void {
  context.reads.report({
    code: 'column-ambiguous',
    message: `The column ${key} exists in more than one table here; write the table before it.`,
    span,
    subject: key,
  })
}

function rowIdOf({ relations }: Scope): Column | undefined {
  const known = relations.map(({ rowId }) => rowId).filter((rowId) => rowId !== undefined)
  const [first] = known
  return first === undefined ? undefined : { ...first, sources: sourcesOf(known) }
}

function findQualified(
  context: Context,
  { parts, span }: ColumnExpression,
  key: string,
  { scope }: Position,
): readonly Source[] | undefined {
  const { traits } = context
  const qualifier = parts.slice(0, -1)
  for (let level: Scope | undefined = scope; level !== undefined; level = level.outer) {
    const relation = findIn(context, qualifier, level)
    if (relation === undefined) continue
    const column = relation.columns.filter((each) => each.key === key)
    if (column.length > 0) return sourcesOf(column)
    if (relation.rest !== undefined) {
      if (traits.rowFunctions.has(key)) {
        for (const table of relation.opens) refuseUntraceable(context, table, span)
      }
      return relation.rest(key).sources
    }
    if (traits.rowIdNames.includes(key) && relation.rowId !== undefined) {
      return relation.rowId.sources
    }
  }
  return undefined
}

/** Finds the relation that a qualifier means, from the innermost level outwards. */
export function findRelation(
  context: Context,
  qualifier: readonly string[],
  scope: Scope,
): Relation | undefined {
  for (let level: Scope | undefined = scope; level !== undefined; level = level.outer) {
    const relation = findIn(context, qualifier, level)
    if (relation !== undefined) return relation
  }
  return undefined
}

function findIn(
  context: Context,
  qualifier: readonly string[],
  level: Scope,
): Relation | undefined {
  const [first, second] = qualifier
  if (qualifier.length === 1) return level.relations.find(({ alias }) => alias === first)
  if (qualifier.length > 2) return undefined
  const { fold } = context.traits
  return level.relations.find(
    ({ table, isNamed }) =>
      table !== undefined &&
      !isNamed &&
      fold(table.schema) === first &&
      fold(table.name) === second,
  )
}
