import { createSqlGuard, definePolicy, type SqlGuard } from '@t2t/sql-guard'
import { mysql } from '@t2t/sql-guard/mysql'
import { postgres } from '@t2t/sql-guard/postgres'
import { beforeAll, describe, expect, it } from 'vitest'

describe('the guard of MySQL', () => {
  let guard: SqlGuard
  beforeAll(async () => {
    const policy = definePolicy({
      tables: { block: ['secret'] },
      columns: { block: ['users.ssn'] },
    })
    guard = await createSqlGuard({ dialect: mysql(), policy })
  })

  it.for([0xa0, 0x1680, 0x2003, 0x202f, 0x205f, 0x3000])(
    'takes no blank of Unicode for the end of "--": %d',
    (code) => {
      const blank = String.fromCodePoint(code)

      const verdict = guard.check(
        `SELECT 1 FROM (SELECT 0 AS \`${blank}\`) t WHERE 1--${blank} UNION SELECT val FROM secret\nORDER BY 1`,
      )

      expect(verdict.kind).toBe('refused')
    },
  )

  it.for([
    String.raw`SELECT id 'x\', ssn FROM users -- ' FROM users`,
    String.raw`SELECT group_concat(id SEPARATOR '\'), group_concat(ssn) FROM users -- ') FROM users`,
    String.raw`SELECT note->'\', ssn FROM users -- ' FROM users`,
  ])('refuses a string that ends elsewhere where backslashes are no escapes: %s', (text) => {
    expect(guard.check(text).kind).toBe('refused')
  })

  it.for([
    `SELECT total AS "Total" FROM orders`,
    `SELECT group_concat(note SEPARATOR ', ') FROM orders`,
    `SELECT note->'$.a' FROM orders`,
  ])('allows the honest form: %s', (text) => {
    expect(guard.check(text)).toMatchObject({ kind: 'allowed' })
  })
})

describe('the guard of PostgreSQL', () => {
  it('goes on to decide after texts that are one long chain, however often they come', async () => {
    const policy = definePolicy({ limits: { maxTextBytes: 65_536 } })
    const guard = await createSqlGuard({ dialect: postgres(), policy, maxCachedTexts: 0 })
    const hostile = [
      `SELECT ${'id+'.repeat(20_000)}id FROM orders`,
      `SELECT ${'id+'.repeat(8_000)}id FROM orders`,
      `SELECT 1${'::int'.repeat(10_000)}`,
      `SELECT 1${'::int'.repeat(6_000)}`,
      `SELECT ${'NOT '.repeat(6_000)}true`,
      `SELECT $$'$$, ${'id+'.repeat(20_000)}id, $$'$$ FROM orders`,
      `SELECT /*'*/ ${'id+'.repeat(20_000)}id /*'*/ FROM orders`,
      `SELECT E'\\'', ${'id+'.repeat(20_000)}id, '' FROM orders`,
      `SELECT 1 --'\n, ${'id+'.repeat(20_000)}id FROM orders`,
    ]

    for (let round = 0; round < 60; round++) {
      for (const text of hostile) expect(guard.check(text).kind).toBe('refused')
      expect(guard.check('SELECT 1').kind).toBe('allowed')
    }
  })

  it('allows a long list of quoted values, whatever they hold', async () => {
    const guard = await createSqlGuard({ dialect: postgres(), policy: definePolicy() })
    const ids = Array.from({ length: 1_000 }, (_, index) => `'0-0-0-0-${index}'`).join(', ')

    const verdict = guard.check(`SELECT id FROM orders WHERE key IN (${ids})`)

    expect(verdict.kind).toBe('allowed')
  })
})
