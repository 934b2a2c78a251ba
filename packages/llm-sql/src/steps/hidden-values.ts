import type { Catalog, Policy } from '@t2t/sql-guard'

/**
 * Leaves out sampled values that a policy may hide: those of tables whose rows it filters, and of
 * columns that it masks or lets be read in groups only. Nobody knows from which rows they were read.
 *
 * Names are compared without regard to schema and case, so that rather too much is left out.
 */
export function withoutHiddenValues(catalog: Catalog, policy: Policy): Catalog {
  const policies = [policy, ...allOf(policy)]
  const tables = new Set(
    policies.flatMap(({ rows }) => Object.keys(rows?.filter ?? {})).map((name) => lastOf(name, 1)),
  )
  const columns = new Set(
    policies
      .flatMap(({ columns: { mask = {}, minGroupSize = {} } }) => [
        ...Object.keys(mask),
        ...Object.keys(minGroupSize),
      ])
      .map((name) => lastOf(name, 2)),
  )
  if (tables.size === 0 && columns.size === 0) return catalog
  return {
    ...catalog,
    tables: catalog.tables.map((table) => ({
      ...table,
      columns: table.columns.map((column) => {
        const { sampleValues: _hidden, ...shown } = column
        const isHidden =
          tables.has(lastOf(table.name, 1)) ||
          columns.has(lastOf(`${table.name}.${column.name}`, 2))
        return isHidden ? shown : column
      }),
    })),
  }
}

function allOf({ also = [] }: Policy): readonly Policy[] {
  return also.flatMap((one) => [one, ...allOf(one)])
}

function lastOf(name: string, parts: number): string {
  return name.toLowerCase().split('.').slice(-parts).join('.')
}
