import { createSqlGuard } from '@t2t/sql-guard'
import { sqlite } from '@t2t/sql-guard/sqlite'
import { describe, expect, it } from 'vitest'

/** A dialect that counts how often it is asked. */
function counting() {
  const inner = sqlite()
  const dialect = {
    ...inner,
    parsed: 0,
    parse: (...args: Parameters<typeof inner.parse>) => {
      dialect.parsed += 1
      return inner.parse(...args)
    },
  }
  return dialect
}

describe('the cache of verdicts', () => {
  it('decides about the same text once', async () => {
    const dialect = counting()
    const guard = await createSqlGuard({ dialect })

    const first = guard.check('SELECT 1')

    expect(guard.check('SELECT 1')).toBe(first)
    expect(dialect.parsed).toBe(1)
  })

  it('forgets the text that was not used for longest', async () => {
    const dialect = counting()
    const guard = await createSqlGuard({ dialect, maxCachedTexts: 2 })

    for (const sql of ['SELECT 1', 'SELECT 2', 'SELECT 1', 'SELECT 3', 'SELECT 1']) guard.check(sql)

    expect(dialect.parsed).toBe(3)
    guard.check('SELECT 2')
    expect(dialect.parsed).toBe(4)
  })

  it('can be left out', async () => {
    const dialect = counting()
    const guard = await createSqlGuard({ dialect, maxCachedTexts: 0 })

    guard.check('SELECT 1')
    guard.check('SELECT 1')

    expect(dialect.parsed).toBe(2)
  })
})
