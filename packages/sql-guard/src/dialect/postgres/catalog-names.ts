import type { Node } from 'libpg-query'
import type { Span } from '../../guard/verdict.ts'
import { refuse } from '../refusal.ts'

/** Functions whose first of several arguments is the name of a text search configuration. */
export const textSearch: ReadonlySet<string> = new Set(
  'to_tsvector to_tsquery plainto_tsquery phraseto_tsquery websearch_to_tsquery ts_headline json_to_tsvector jsonb_to_tsvector'.split(
    ' ',
  ),
)

/** A name that is looked up in the catalog must not tell which schemas there are. */
export function checkCatalogName(path: readonly string[], span: Span): void {
  if (path.length < 2 || (path.length === 2 && path[0] === 'pg_catalog')) return
  refuse('construct-refused', 'A collation or configuration must not name a schema.', span)
}

/** Refuses `row.pg_typeof` and `(row).pg_typeof`, which look like a column. */
export function refuseTypeOf(name: string | undefined, span: Span): void {
  if (name !== 'pg_typeof') return
  refuse('function-refused', 'Write pg_typeof(...)::text.', span, 'pg_typeof')
}

/** The text of a constant. */
export function constantText(node: Node | undefined): string | undefined {
  return node !== undefined && 'A_Const' in node ? node.A_Const.sval?.sval : undefined
}
