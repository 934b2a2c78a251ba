import type { Catalog } from '../catalog/catalog.ts'
import type { Dialect } from '../dialect/dialect.ts'
import { createSqlGuard } from '../guard/create-guard.ts'
import { definePolicy, type PolicyInput } from '../policy/define-policy.ts'

/**
 * Columns that a draft blocks although a view that it lets in depends on them: a view that filters
 * by a column tells about it, and would be refused with it.
 */
export async function columnsOfViews(
  draft: PolicyInput,
  { catalog, dialect }: { readonly catalog: Catalog; readonly dialect: Dialect },
): Promise<readonly string[]> {
  const guarding = (policy: PolicyInput | undefined) =>
    createSqlGuard({ dialect, catalog, policy: definePolicy(policy) })
  const [free, drafted] = [await guarding(undefined), await guarding(draft)]
  const blocked = draft.columns?.block ?? []
  const { quoteName } = dialect.traits

  return catalog.tables
    .filter(({ kind }) => kind === 'view')
    .flatMap(({ schema, name, columns }) => {
      const isLetIn = draft.tables?.allow?.includes(`${schema}.${name}`) ?? false
      if (!isLetIn) return []
      const shown = columns
        .filter((column) => !blocked.includes(`${schema}.${name}.${column.name}`))
        .map((column) => quoteName(column.name))
      const sql = `SELECT ${shown.join(', ') || '1'} FROM ${quoteName(schema)}.${quoteName(name)}`
      const verdict = free.check(sql)
      if (verdict.kind === 'refused' || drafted.check(sql).kind === 'allowed') return []
      const behind = verdict.reads
        .filter(({ isBehind }) => isBehind)
        .map((read) => `${read.schema}.${read.table}.`)
      return blocked.filter((column) => behind.some((table) => column.startsWith(table)))
    })
}
