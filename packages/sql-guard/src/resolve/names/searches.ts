import type { ColumnExpression, Expression } from '../../dialect/tree.ts'
import type { Context, Position } from '../context.ts'
import { columnsNamed, type Relation, type Scope, type Source, sourcesOf } from '../relation.ts'
import { findRelations } from './names.ts'
import { noteSources } from './note.ts'
import type { Searcher } from './own-rules.ts'

/** The rules of an engine that has full-text tables. */
export function fullText(functions: ReadonlySet<string>): Searcher {
  return { functions, columns: searchedColumns }
}

/**
 * Reads all columns of the table that is searched through one of them. The text that is searched for
 * may name any other column, in a language of its own.
 */
function searchedColumns(
  context: Context,
  operand: Expression,
  { scope, use }: Position,
): readonly Source[] {
  const { span } = operand
  const relations = operand.kind === 'column' ? relationsOf(context, operand, scope) : []
  const [relation, second] = relations
  if (
    relation?.table === undefined ||
    second !== undefined ||
    (relation.hidden ?? []).length === 0
  ) {
    context.reads.report({
      code: 'construct-refused',
      message: 'A search needs a full-text table that the catalog knows as one.',
      span,
      subject: 'MATCH',
    })
    return []
  }
  const sources = sourcesOf(relation.columns)
  noteSources(context, sources, use, { span })
  return sources
}

/** The relations of the innermost level that has any, whose column a name may be. */
function relationsOf(
  context: Context,
  { parts }: ColumnExpression,
  scope: Scope,
): readonly Relation[] {
  if (parts.length > 1) return findRelations(context, parts.slice(0, -1), scope)
  const [key = ''] = parts
  for (let level: Scope | undefined = scope; level !== undefined; level = level.outer) {
    const found = level.relations.filter(
      ({ columns, hidden = [], rest }) =>
        rest !== undefined || columnsNamed([...columns, ...hidden], key).length > 0,
    )
    if (found.length > 0) return found
  }
  return []
}
