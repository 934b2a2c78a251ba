import type { Expression, StarExpression } from '../../dialect/tree.ts'
import type { Context, Position } from '../context.ts'
import { findRelations, findSources, quotedName } from './names.ts'
import { isOurs, maskOf, noteMasked, noteSources } from './note.ts'
import { type Column, columnsNamed, type Outcome, type Scope, type Source } from '../relation.ts'

/** Notes a masked column that is an output column by itself; gives nothing for any other. */
export function maskedItem(
  context: Context,
  expression: Expression,
  alias: string | undefined,
  position: Position,
): readonly Source[] | undefined {
  const { access } = context
  if (access?.blocksColumns !== true || expression.kind !== 'column') return undefined
  const found = findSources(context, expression, position)
  if (found === undefined) return undefined
  const { parts, span } = expression
  if (isOurs(context, span)) {
    // A column by itself is one of a row filter, which shows it as it is.
    noteSources(context, found, 'output', { span })
    return found
  }
  const masked = maskOf(context, found)
  if (masked === undefined) return undefined
  noteMasked(context, found, { span, name: parts.join('.') })
  const name = alias ?? parts.at(-1) ?? ''
  context.reads.masks.push({
    span,
    columns: [
      { text: quotedName(context, expression, position.scope), name, sources: found, ...masked },
    ],
    isNamed: alias !== undefined,
  })
  return []
}

/** Notes a star that holds a masked column, and with it the columns that it stands for. */
export function maskedStar(
  context: Context,
  star: StarExpression,
  scope: Scope,
): Pick<Outcome, 'columns' | 'rest'> | undefined {
  const { access, traits } = context
  if (access?.blocksColumns !== true) return undefined
  const { parts, span } = star
  const [relation, second] = parts.length === 0 ? [] : findRelations(context, parts, scope)
  // Of two relations with one name, no column can be written.
  if (second !== undefined) return undefined
  const columns = relation?.columns ?? (parts.length === 0 ? scope.columns : [])
  const isOpen = (relation === undefined ? scope.relations : [relation]).some(
    ({ rest }) => rest !== undefined,
  )
  if (isOpen || columns.every(({ sources }) => maskOf(context, sources) === undefined)) {
    return undefined
  }
  const written = columns.map((column) => {
    const { name, sources } = column
    const owner =
      relation ??
      scope.relations.find((each) => columnsNamed(each.columns, column.key).includes(column))
    const named = owner?.written ?? owner?.alias
    const qualifier = named === undefined ? '' : `${traits.quoteName(named)}.`
    const masked = maskOf(context, sources)
    if (masked === undefined) noteSources(context, sources, 'output', { span })
    else noteMasked(context, sources, { span })
    return {
      text: `${qualifier}${traits.quoteName(name ?? '')}`,
      name: name ?? '',
      mask: masked?.mask,
      source: masked?.source,
      sources,
    }
  })
  // A column without a name cannot be written.
  if (written.some(({ name }) => name === '')) return undefined
  context.reads.masks.push({ span, columns: written, isNamed: false })
  return {
    columns: columns.map((column): Column =>
      maskOf(context, column.sources) === undefined ? column : { ...column, sources: [] },
    ),
    rest: undefined,
  }
}
