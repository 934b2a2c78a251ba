import type { Expression, SelectItem, StarExpression } from '../../dialect/tree.ts'
import { refuse } from '../../dialect/refusal.ts'
import type { Context } from '../context.ts'
import { maskedItem, maskedStar } from './masks.ts'
import { findRelations } from './names.ts'
import { noteSources, noteWhole } from './note.ts'
import {
  type Column,
  columnsNamed,
  type Outcome,
  type Relation,
  type Scope,
  unknownBy,
} from '../relation.ts'

/** Columns that any query gives at the most; more than any engine allows. */
const maxColumns = 4096

/** Resolves the output list of a `SELECT`, stars included. */
export function selectItems(
  context: Context,
  items: readonly SelectItem[],
  scope: Scope,
): Pick<Outcome, 'columns' | 'rest'> {
  const columns: Column[] = []
  const rests: ((key: string) => Column)[] = []
  for (const { expression, alias } of items) {
    if (columns.length > maxColumns) {
      refuse('limit-exceeded', `A query gives more than ${maxColumns} columns.`, expression.span)
    }
    if (expression.kind === 'star') {
      const star = maskedStar(context, expression, scope) ?? expandStar(context, expression, scope)
      for (const column of star.columns) columns.push(column)
      if (star.rest !== undefined) rests.push(star.rest)
      continue
    }
    const position = { scope, use: 'output', clause: 'items' } as const
    const sources =
      maskedItem(context, expression, alias, position) ??
      context.expression(neverString(expression), position)
    const grouped = context.reads.groups.at(-1)
    if (alias === undefined && grouped?.call === expression) grouped.isItem = true
    const name = alias ?? shownName(expression, scope)
    columns.push({ key: name === undefined ? '' : context.traits.fold(name), name, sources })
  }
  const rest =
    rests.length === 0 ? undefined : unknownBy((key) => rests.flatMap((each) => each(key).sources))
  return { columns, rest }
}

/** A quoted name that is an output or a sort key by itself is never meant as a string. */
export function neverString(expression: Expression): Expression {
  return expression.kind === 'column' ? { ...expression, asString: undefined } : expression
}

/** Reads every column that a star stands for. */
export function expandStar(
  context: Context,
  { parts, span }: StarExpression,
  scope: Scope,
): Pick<Outcome, 'columns' | 'rest'> {
  const named = parts.length === 0 ? undefined : findRelations(context, parts, scope)
  if (named?.length === 0) {
    context.reads.report({
      code: 'table-unknown',
      message: `There is no ${parts.join('.')} in FROM to take all columns of.`,
      span,
      subject: parts.join('.'),
    })
    return { columns: [], rest: undefined }
  }
  const relations: readonly Relation[] = named ?? scope.relations
  const columns = named === undefined ? scope.columns : named.flatMap((each) => each.columns)
  for (const column of columns) noteSources(context, column.sources, 'output', { span })
  const open = relations.filter(({ rest }) => rest !== undefined)
  for (const each of open) noteWhole(context, each, 'output', span)
  return {
    columns,
    rest:
      open.length === 0
        ? undefined
        : unknownBy((key) => open.flatMap(({ rest }) => rest?.(key).sources ?? [])),
  }
}

/** The name that an engine gives to an output column without an alias, where it is certain. */
function shownName(expression: Expression, scope: Scope): string | undefined {
  switch (expression.kind) {
    case 'column': {
      const key = expression.parts.at(-1)
      return (
        [scope, ...scope.relations]
          .map(({ columns }) => columnsNamed(columns, key ?? '')[0]?.name)
          .find((name) => name !== undefined) ?? key
      )
    }
    case 'field':
      return expression.name
    default:
      return undefined
  }
}
