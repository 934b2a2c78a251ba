import type { Catalog } from '@t2t/sql-guard'
import { findQualified } from '../schema/find.ts'
import { readExpression } from './expression.ts'
import type { SourcedMetadata } from '../assistant/assistant.ts'

/**
 * Merges metadata for a reader of the given catalog.
 *
 * Keeps out whatever speaks of tables or columns that the catalog does not have, and every term
 * that a source of a lower number has defined already. The order is by priority, then as given.
 */
export function mergeMetadata(
  metadata: readonly SourcedMetadata[],
  catalog: Catalog,
): readonly SourcedMetadata[] {
  const seen = new Set<string>()
  const isNew = (term: string): boolean => {
    const key = term.trim().toLowerCase()
    if (key === '' || seen.has(key)) return false
    seen.add(key)
    return true
  }
  return metadata
    .toSorted((a, b) => a.source.priority - b.source.priority)
    .map(({ metadata: { aliases, translations }, source }) => ({
      source,
      metadata: {
        aliases: aliases.filter(
          ({ term, column }) => findQualified(catalog, column) !== undefined && isNew(term),
        ),
        translations: translations.filter(
          ({ term, expression }) =>
            readExpression(expression, catalog) !== undefined && isNew(term),
        ),
      },
    }))
}
