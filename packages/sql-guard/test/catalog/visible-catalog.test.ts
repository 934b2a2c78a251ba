import { createSqlGuard, definePolicy, type PolicyInput, visibleCatalog } from '@t2t/sql-guard'
import { postgres } from '@t2t/sql-guard/postgres'
import { toyCatalog } from '@t2t/sql-guard/testing'
import { describe, expect, it } from 'vitest'

describe('the visible catalog', () => {
  it('is the whole catalog where nothing is hidden', () => {
    expect(visibleCatalog(toyCatalog('sqlite'), definePolicy())).toEqual(toyCatalog('sqlite'))
  })

  it('leaves out hidden tables, hidden columns and the keys that touch them', () => {
    const policy = definePolicy({
      tables: { block: ['secrets', 'customer_emails'] },
      columns: { block: ['customers.id', 'customers.email'] },
    })

    const { tables } = visibleCatalog(toyCatalog('postgres'), policy)

    expect(tables.map(({ name }) => name)).toEqual(['customers', 'orders'])
    expect(tables[0]?.columns.map(({ name }) => name)).toEqual(['name', 'country'])
    expect(tables[0]?.primaryKey).toEqual([])
    expect(tables[1]?.foreignKeys).toEqual([])
    expect(tables[1]?.primaryKey).toEqual(['id'])
  })

  it('shows only what the allow list names', () => {
    const policy = definePolicy({ tables: { allow: ['public.orders'] } })

    const { tables } = visibleCatalog(toyCatalog('postgres'), policy)

    expect(tables.map(({ name }) => name)).toEqual(['orders'])
  })
})

describe("a guard's visible catalog", () => {
  async function visibleTo(policy: PolicyInput, catalog = toyCatalog('postgres')) {
    const guard = await createSqlGuard({
      dialect: postgres(),
      policy: definePolicy(policy),
      catalog,
    })
    return guard.visibleCatalog()
  }

  const columnsOf = (table: string, catalog: Awaited<ReturnType<typeof visibleTo>>) =>
    catalog?.tables.find(({ name }) => name === table)?.columns.map(({ name }) => name)

  it('is the whole catalog where nothing is hidden', async () => {
    expect(await visibleTo({})).toEqual(toyCatalog('postgres'))
  })

  it('leaves out the column of a view that shows a hidden column under another name', async () => {
    const visible = await visibleTo({ columns: { block: ['customers.email'] } })

    expect(columnsOf('customer_emails', visible)).toEqual(['id'])
    expect(JSON.stringify(visible)).not.toContain('email AS address')
  })

  it('leaves out a view over a hidden table', async () => {
    const visible = await visibleTo({ tables: { block: ['customers'] } })

    expect(columnsOf('customer_emails', visible)).toBeUndefined()
  })

  it('leaves out generated columns over hidden ones', async () => {
    const toy = toyCatalog('postgres')
    const tables = toy.tables.map((table) =>
      table.name === 'secrets'
        ? {
            ...table,
            columns: [
              ...table.columns,
              { name: 'length', type: 'integer', isNullable: true, generatedFrom: ['value'] },
            ],
          }
        : table,
    )
    const visible = await visibleTo({ columns: { block: ['secrets.value'] } }, { ...toy, tables })

    expect(columnsOf('secrets', visible)).toEqual(['id'])
  })

  it('is absent without a catalog', async () => {
    const guard = await createSqlGuard({ dialect: postgres() })

    expect(guard.visibleCatalog()).toBeUndefined()
  })
})
