import { createSqlGuard, type Dialect } from '@t2t/sql-guard'
import { clickhouse } from '@t2t/sql-guard/clickhouse'
import { mysql } from '@t2t/sql-guard/mysql'
import { postgres } from '@t2t/sql-guard/postgres'
import { sqlite } from '@t2t/sql-guard/sqlite'
import { toyCatalog } from '@t2t/sql-guard/testing'
import { describe, expect, it } from 'vitest'

const dialects: readonly Dialect[] = [postgres(), sqlite(), mysql(), clickhouse()]

const many = (count: number) => Array.from({ length: count }, (_, index) => `c${index}`).join(' + ')

const usesOf = (columns: number, uses: number) =>
  `SELECT 1 FROM (SELECT ${many(columns)} AS x FROM wide) AS w WHERE 1 = 1${' AND x = 1'.repeat(uses)}`

describe('columns that are made of many others', () => {
  it.for(dialects)(
    'may not be used so often that the cost outgrows the text: $name',
    async (on) => {
      const guard = await createSqlGuard({ dialect: on })

      expect(guard.check(usesOf(1_500, 1_500))).toMatchObject({
        kind: 'refused',
        findings: [{ code: 'limit-exceeded' }],
      })
    },
  )

  it.for(dialects)('may be used as honest statements do: $name', async (on) => {
    const guard = await createSqlGuard({ dialect: on })

    expect(guard.check(usesOf(60, 60))).toMatchObject({ kind: 'allowed' })
  })
})

describe('names that belong to many selects', () => {
  it('are refused where they would be read anew in each of them', async () => {
    const guard = await createSqlGuard({ dialect: clickhouse() })
    const names = Array.from({ length: 400 }, (_, index) => `1 AS a${index}`).join(', ')
    const selects = (count: number) =>
      `WITH ${names} SELECT a1${' UNION ALL SELECT a1'.repeat(count - 1)}`

    expect(guard.check(selects(2))).toMatchObject({ kind: 'allowed' })
    expect(guard.check(selects(200))).toMatchObject({
      kind: 'refused',
      findings: [{ code: 'limit-exceeded' }],
    })
  })
})

describe('a name that is nowhere', () => {
  it('is compared with all others a few times only, and answered with what is near', async () => {
    const guard = await createSqlGuard({ dialect: postgres(), catalog: toyCatalog('postgres') })
    const verdict = guard.check(`SELECT o.totl${', o.totl'.repeat(1_000)}, nam FROM orders o`)

    expect(verdict).toMatchObject({
      kind: 'refused',
      findings: [{ subject: 'o.totl', candidates: ['total'] }, { subject: 'nam' }],
    })
  })
})
