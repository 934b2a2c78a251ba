import { definePolicy, visibleCatalog } from '@t2t/sql-guard'
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
