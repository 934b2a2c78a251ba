import type { ColumnExpression } from '../../dialect/tree.ts'
import type { Context, Position } from '../context.ts'
import { nearColumns } from './candidates.ts'
import { finderOf } from './name-rules.ts'
import { noteLate } from './late-names.ts'
import { isOurs, noteSources, noteWhole, refuseUntraceable, withoutLimited } from './note.ts'
import {
  type Column,
  columnsNamed,
  type Relation,
  type Scope,
  type Source,
  sourcesOf,
} from '../relation.ts'

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
    return isOurs(context, span) ? withoutLimited(context, found) : found
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
  if (expression.isOptional === true) return []
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
  const finder = finderOf(context.traits)
  if (finder !== undefined) return finder.find(context, expression, position)
  const [key = ''] = expression.parts.slice(-1)
  return expression.parts.length === 1
    ? findBare(context, expression, key, position)
    : findQualified(context, expression, key, position)
}

/**
 * A name that a level only may have can also mean a column further out: then it stands for both, up
 * to the first level that is sure to have it.
 */
function findBare(
  context: Context,
  expression: ColumnExpression,
  key: string,
  { scope, clause, use }: Position,
): readonly Source[] | undefined {
  const { traits } = context
  const { span } = expression
  const found: Column[] = []
  for (let level: Scope | undefined = scope; level !== undefined; level = level.outer) {
    const known = columnsNamed(level.columns, key)
    found.push(...known)
    if (known.some(isSure)) {
      if (known.length > 1 && isInSeveral(level, key)) refuseAmbiguous(context, key, span)
      return sourcesOf(found)
    }
    if (level === scope) noteLate(context, expression, known)
    for (const relation of level.relations)
      found.push(...unsureColumns(context, relation, key, span))
    const mayUseAlias = level === scope && traits.aliasesIn.some((each) => each === clause)
    const alias = mayUseAlias ? columnsNamed(level.aliases, key)[0] : undefined
    if (alias !== undefined) return sourcesOf([...found, alias])
  }
  if (found.length === 0) return undefined
  const whole = traits.hasWholeRows ? findRelation(context, [key], scope) : undefined
  if (whole !== undefined) noteWhole(context, whole, use, span)
  return sourcesOf(found)
}

function isSure({ isGuess }: Column): boolean {
  return isGuess !== true
}

/** What a relation may have under a name that none of its known columns has. */
function unsureColumns(
  context: Context,
  { rest, rowId, hidden = [], opens }: Relation,
  key: string,
  span: ColumnExpression['span'],
): readonly Column[] {
  const isRowId = context.traits.rowIdNames.includes(key)
  // Without a catalog, it is not known which column the identity of the row is.
  const tellsOfRow = isRowId || context.traits.systemColumns?.has(key) === true
  // What is compared with a column that is called like its table may be searched for in all columns.
  const searches = context.traits.searchRules !== undefined
  for (const table of searches ? opens : []) {
    if (context.traits.fold(table.name) === key) refuseUntraceable(context, table, span)
  }
  if (tellsOfRow) for (const table of opens) refuseUntraceable(context, table, span)
  const guessed = [rest?.(key), isRowId ? rowId : undefined].filter(
    (column) => column !== undefined,
  )
  return [...guessed, ...columnsNamed(hidden, key)]
}

/** Two columns of one relation are ambiguous to some engines only, and read the same relation. */
function isInSeveral({ relations }: Scope, key: string): boolean {
  return relations.filter(({ columns }) => columnsNamed(columns, key).length > 0).length > 1
}

function refuseAmbiguous(context: Context, key: string, span: ColumnExpression['span']): void {
  context.reads.report({
    code: 'column-ambiguous',
    message: `The column ${key} exists in more than one table here; write the table before it.`,
    span,
    subject: key,
  })
}

function findQualified(
  context: Context,
  expression: ColumnExpression,
  key: string,
  { scope }: Position,
): readonly Source[] | undefined {
  const { traits } = context
  const { parts, span } = expression
  const qualifier = parts.slice(0, -1)
  const found: Column[] = []
  for (let level: Scope | undefined = scope; level !== undefined; level = level.outer) {
    const relations = findIn(context, qualifier, level)
    const known = relations.flatMap(({ columns }) => columnsNamed(columns, key))
    found.push(...known)
    if (known.some(isSure)) return sourcesOf(found)
    if (level === scope) noteLate(context, expression, known)
    for (const relation of relations) {
      found.push(...unsureColumns(context, relation, key, span))
      if (relation.rest !== undefined && traits.rowFunctions.has(key)) {
        for (const table of relation.opens) refuseUntraceable(context, table, span)
      }
    }
  }
  return found.length === 0 ? undefined : sourcesOf(found)
}

/** A reference to a column with all its names in quotes, and in the case in which they are written. */
export function quotedName(context: Context, { parts }: ColumnExpression, scope: Scope): string {
  const qualifier = parts.slice(0, -1)
  const relation = qualifier.length === 0 ? undefined : findRelation(context, qualifier, scope)
  const { table, alias, written = alias } = relation ?? {}
  const before =
    qualifier.length > 1 && table !== undefined
      ? [table.schema, table.name]
      : qualifier.map((name) => written ?? name)
  return [...before, ...parts.slice(-1)].map(context.traits.quoteName).join('.')
}

/** Finds the relation that a qualifier means, from the innermost level outwards. */
export function findRelation(
  context: Context,
  qualifier: readonly string[],
  scope: Scope,
): Relation | undefined {
  return findRelations(context, qualifier, scope)[0]
}

/** Finds all relations that a qualifier means; some engines let two of one level share a name. */
export function findRelations(
  context: Context,
  qualifier: readonly string[],
  scope: Scope,
): readonly Relation[] {
  for (let level: Scope | undefined = scope; level !== undefined; level = level.outer) {
    const relations = findIn(context, qualifier, level)
    if (relations.length > 0) return relations
  }
  return []
}

function findIn(context: Context, qualifier: readonly string[], level: Scope): readonly Relation[] {
  const [first, second] = qualifier
  if (qualifier.length === 1) return level.relations.filter(({ alias }) => alias === first)
  if (qualifier.length > 2) return []
  const { fold } = context.traits
  return level.relations.filter(
    ({ table, isNamed }) =>
      table !== undefined &&
      !isNamed &&
      fold(table.schema) === first &&
      fold(table.name) === second,
  )
}
