import { createSqlGuard, definePolicy, type SqlGuard } from '@t2t/sql-guard'
import { clickhouse } from '@t2t/sql-guard/clickhouse'
import { postgres } from '@t2t/sql-guard/postgres'
import { toyCatalog } from '@t2t/sql-guard/testing'
import { describe, expect, it } from 'vitest'

const policy = definePolicy({ columns: { minGroupSize: { 'orders.total': 5 } } })

const guards: Readonly<Record<string, SqlGuard>> = {
  postgres: await createSqlGuard({
    dialect: postgres(),
    policy,
    catalog: toyCatalog('postgres'),
  }),
  clickhouse: await createSqlGuard({
    dialect: clickhouse(),
    policy,
    catalog: toyCatalog('clickhouse'),
  }),
}

const repeating: readonly (readonly [string, string])[] = [
  ['postgres', 'SELECT sum(total) FROM orders WHERE id = 1 GROUP BY generate_series(1, 6) * 0'],
  ['postgres', 'SELECT avg(total), unnest(ARRAY[0, 0, 0, 0, 0]) FROM orders GROUP BY 2, id'],
  ['clickhouse', 'SELECT avg(total) FROM orders WHERE id = 1 AND arrayJoin(range(6)) >= 0'],
  ['clickhouse', 'SELECT avg(total) FROM orders WHERE id = 1 GROUP BY unnest(range(6)) * 0'],
]

describe('a group that one row is repeated in', () => {
  it.for(repeating)('is no large group, to %s: %s', ([name, sql]) => {
    expect(guards[name]?.check(sql)).toMatchObject({ kind: 'refused' })
  })

  it('counts each of its rows once where the repetition is known first', () => {
    const sql = 'WITH arrayJoin(range(6)) AS r SELECT avg(total) FROM orders WHERE r >= 0'

    expect(guards['clickhouse']?.check(sql)).toMatchObject({
      kind: 'allowed',
      sql: expect.stringMatching(/count\(`total`\) = count\(DISTINCT /),
    })
  })

  it.for(['postgres', 'clickhouse'])('does not stand in the way of others: %s', (name) => {
    const sql = 'SELECT customer_id, sum(total) FROM orders GROUP BY customer_id'

    expect(guards[name]?.check(sql)).toMatchObject({ kind: 'allowed' })
  })
})

describe('a lambda with a name', () => {
  it.for(['equals', 'concat', 'if', 'f'])(
    'takes the place of no function, nor is one: %s',
    async (name) => {
      const guard = await createSqlGuard({ dialect: clickhouse() })

      expect(
        guard.check(`SELECT arrayMap((a, b) -> a AS ${name}, [1], [2]), id FROM orders`),
      ).toMatchObject({ kind: 'refused', findings: [{ code: 'construct-refused' }] })
      expect(
        guard.check(`SELECT arrayMap((a, b) -> (a AS ${name}), [1], [2]), id FROM orders`),
      ).toMatchObject({ kind: 'allowed' })
    },
  )
})
