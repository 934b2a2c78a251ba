import { createSqlGuard, definePolicy, type PolicyInput } from '@t2t/sql-guard'
import { postgres } from '@t2t/sql-guard/postgres'
import { describe, expect, it } from 'vitest'
import { partsTables } from '../attacks/postgres/inheritance.ts'

const catalog = {
  dialect: 'postgres',
  version: 'parts',
  searchPath: ['public'],
  tables: partsTables,
} as const

async function checked(policy: PolicyInput, sql: string) {
  const guard = await createSqlGuard({
    dialect: postgres(),
    policy: definePolicy(policy),
    catalog,
    attributes: { reader: 'Ada' },
  })
  return guard.check(sql)
}

describe('tables that are parts of others', () => {
  it('are in the read set of a table that is read with them', async () => {
    const verdict = await checked({}, 'SELECT name FROM staff')

    expect(verdict).toMatchObject({
      reads: ['staff', 'managers', 'chiefs'].map((table) => ({
        table,
        columns: [{ column: 'name', uses: ['output'] }],
      })),
    })
  })

  it('are not read with ONLY', async () => {
    const verdict = await checked({}, 'SELECT name FROM ONLY staff')

    expect(verdict).toMatchObject({ reads: [{ table: 'staff' }] })
  })

  it('hide the columns that they hide in the table that they are a part of', async () => {
    const policy = { columns: { block: ['chiefs.email'] } }

    expect(await checked(policy, 'SELECT email FROM staff')).toMatchObject({ kind: 'refused' })
    expect(await checked(policy, 'SELECT email FROM ONLY staff')).toMatchObject({ kind: 'allowed' })
  })

  it('are masked like the table that they are a part of', async () => {
    const policy = { columns: { mask: { 'staff.email': 'redacted' } } } as const

    expect(await checked(policy, 'SELECT email FROM chiefs')).toMatchObject({
      sql: expect.stringMatching(/^SELECT .*'\*\*\*'.* FROM chiefs/),
    })
  })

  it('are filtered like the table that they are a part of', async () => {
    const policy = { rows: { filter: { reports: 'id < 5' } } }

    for (const table of ['reports', 'private_reports']) {
      expect(await checked(policy, `SELECT body FROM ${table}`)).toMatchObject({
        sql: expect.stringContaining('id < 5'),
      })
    }
  })

  it('close the table that they are a part of where only they are filtered', async () => {
    const policy = { rows: { filter: { private_reports: 'reader = :reader' } } }

    expect(await checked(policy, 'SELECT body FROM reports')).toMatchObject({
      findings: [{ code: 'table-refused', message: expect.stringContaining('ONLY') }],
    })
    expect(await checked(policy, 'SELECT body FROM ONLY reports')).toMatchObject({
      kind: 'allowed',
    })
  })

  it('must be on an allow list by their own names', async () => {
    const policy = { tables: { allow: ['visits'] } }

    expect(await checked(policy, 'SELECT place FROM visits')).toMatchObject({ kind: 'allowed' })
    expect(await checked(policy, 'SELECT place FROM visits_1')).toMatchObject({
      findings: [{ code: 'table-refused' }],
    })
  })
})
