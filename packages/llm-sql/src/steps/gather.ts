import { visibleCatalog, type Catalog, type Policy } from '@t2t/sql-guard'
import type { Context } from '../assistant/assistant.ts'
import { mergeMetadata, type MergedMetadata } from '../metadata/visible.ts'
import type { Source } from '../metadata/metadata.ts'
import { withoutHiddenValues } from './hidden-values.ts'

/** Where the catalog of a context came from. */
export function catalogSourceOf(context: Context): Source {
  const isMetadata = ({ name, uri }: Source): boolean =>
    context.metadata.some(({ source }) => source.name === name && source.uri === uri)
  return (
    context.catalogSource ??
    context.sources.find((source) => !isMetadata(source)) ?? { name: 'database', priority: 999 }
  )
}

/**
 * Leaves in a context only what a policy lets its reader see.
 *
 * Metadata that speaks of hidden tables or columns goes too, and of two definitions of one term
 * only that of the lower priority number stays. What was hidden leaves no trace.
 */
export function visibleContext(context: Context, policy: Policy): Context & MergedMetadata {
  const catalog = visibleTo(context.catalog, policy)
  return { ...context, catalog, ...mergedFor(context.metadata, catalog) }
}

const merged = new WeakMap<Context['metadata'], WeakMap<Catalog, MergedMetadata>>()

function mergedFor(metadata: Context['metadata'], catalog: Catalog): MergedMetadata {
  const byCatalog = merged.get(metadata) ?? new WeakMap<Catalog, MergedMetadata>()
  const known = byCatalog.get(catalog) ?? mergeMetadata(metadata, catalog)
  byCatalog.set(catalog, known)
  merged.set(metadata, byCatalog)
  return known
}

const seen = new WeakMap<Catalog, WeakMap<Policy, Catalog>>()

/** Remembered, so that what is known of a catalog is not worked out anew for each question. */
function visibleTo(catalog: Catalog, policy: Policy): Catalog {
  const byPolicy = seen.get(catalog) ?? new WeakMap<Policy, Catalog>()
  const visible =
    byPolicy.get(policy) ?? withoutHiddenValues(visibleCatalog(catalog, policy), policy)
  byPolicy.set(policy, visible)
  seen.set(catalog, byPolicy)
  return visible
}

/**
 * Gives what a database said, unless it names something that the caller must not see: an engine tells
 * of tables behind views, and of names that are like the one that it did not find.
 */
export function withoutHiddenNames(message: string, whole: Catalog, visible: Catalog): string {
  const shown = namesIn(visible)
  const words = message
    .slice(0, 2_000)
    .toLowerCase()
    .split(/[^\p{L}\p{N}_$]+/u)
  const names = hiddenNames(whole, visible, shown)
  return words.some((word) => names.has(word)) ? 'The engine refused the statement.' : message
}

const hidden = new WeakMap<Catalog, WeakMap<Catalog, ReadonlySet<string>>>()

function hiddenNames(
  whole: Catalog,
  visible: Catalog,
  shown: ReadonlySet<string>,
): ReadonlySet<string> {
  const byVisible = hidden.get(whole) ?? new WeakMap<Catalog, ReadonlySet<string>>()
  const known = byVisible.get(visible) ?? namesIn(whole).difference(shown)
  byVisible.set(visible, known)
  hidden.set(whole, byVisible)
  return known
}

/** Names of schemas, tables and columns, in lower case; of a name with other signs, its words. */
function namesIn({ tables }: Catalog): ReadonlySet<string> {
  return new Set(
    tables
      .flatMap(({ schema, name, columns }) => [schema, name, ...columns.map((one) => one.name)])
      .flatMap((name) => name.toLowerCase().split(/[^\p{L}\p{N}_$]+/u)),
  )
}
