import { createSqlGuard, definePolicy, type FindingCode, type Verdict } from '@t2t/sql-guard'
import { postgres } from '@t2t/sql-guard/postgres'
import { sqlite } from '@t2t/sql-guard/sqlite'
import { describe, expect, it } from 'vitest'

const guards = {
  postgres: await createSqlGuard({ dialect: postgres() }),
  sqlite: await createSqlGuard({ dialect: sqlite() }),
}

function codes(verdict: Verdict): readonly FindingCode[] {
  return verdict.kind === 'allowed' ? [] : verdict.findings.map(({ code }) => code)
}

describe('the text gate', () => {
  it.for([
    ['a NUL', 'SELECT 1\0; DELETE FROM orders', 'text-has-control-character'],
    ['a NUL inside a string', `SELECT 'a\0b'`, 'text-has-control-character'],
    ['a lone carriage return', 'SELECT 1 --x\rUNION SELECT 2', 'text-has-control-character'],
    ['a zero-width space', 'SELECT\u200b 1', 'text-has-control-character'],
    ['an override of the direction', 'SELECT 1 /* \u202e */', 'text-has-control-character'],
    ['half of a surrogate pair', `SELECT '\ud800'`, 'text-has-control-character'],
    ['an open bracket', 'SELECT (((((((((((((((1', 'text-unbalanced'],
    ['brackets that cross', 'SELECT (1]', 'text-unbalanced'],
    ['an open string', `SELECT 'a`, 'text-unbalanced'],
    ['an open comment', 'SELECT 1 /* a', 'text-unbalanced'],
    ['brackets that nest too deep', `SELECT ${'('.repeat(65)}1${')'.repeat(65)}`, 'limit-exceeded'],
    ['a text that is too long', `SELECT '${'a'.repeat(70_000)}'`, 'text-too-long'],
    ['a text that is too long in bytes', `SELECT '${'€'.repeat(22_000)}'`, 'text-too-long'],
  ] as const)('stops %s', ([, text, code]) => {
    expect(codes(guards.postgres.check(text))).toEqual([code])
    expect(codes(guards.sqlite.check(text))).toEqual([code])
  })

  it.for([
    ['brackets inside strings', `SELECT ')))' AS a`],
    ['invisible characters inside strings', `SELECT 'a\u200bb\u202ec' AS a`],
    ['brackets inside comments', 'SELECT 1 AS a /* ((( */ -- )))'],
    ['quotes inside quotes', `SELECT 'it''s' AS "a""(b"`],
    ['line breaks of Windows', 'SELECT 1 AS a,\r\n2 AS b'],
    ['text beyond ASCII', `SELECT 'größer 数 \u{1f600}' AS ü`],
  ] as const)('passes %s', ([, text]) => {
    expect(codes(guards.postgres.check(text))).toEqual([])
    expect(codes(guards.sqlite.check(text))).toEqual([])
  })

  it.for([
    ['an escaped quote', `SELECT E'\\')' AS a`],
    ['dollar quotes', `SELECT $q$ '( $q$ AS a, $$(($$ AS b`],
    ['nested comments', 'SELECT 1 AS a /* /* ( */ ( */'],
  ] as const)('reads %s as PostgreSQL does', ([, text]) => {
    expect(codes(guards.postgres.check(text))).toEqual([])
  })

  it('decides about the longest text within its limits', async () => {
    const policy = definePolicy({ limits: { maxTextBytes: 30 } })
    const guard = await createSqlGuard({ dialect: sqlite(), policy })

    expect(codes(guard.check(`SELECT '${'a'.repeat(21)}'`))).toEqual([])
    expect(codes(guard.check(`SELECT '${'a'.repeat(22)}'`))).toEqual(['text-too-long'])
  })

  it('counts commas outside strings and comments', () => {
    const list = `SELECT id FROM orders WHERE id IN (1${',1'.repeat(9_999)})`

    for (const guard of Object.values(guards)) {
      expect(codes(guard.check(`${list} -- ,,,`))).toEqual([])
      expect(codes(guard.check(`${list} AND ',,,' <> ''`))).toEqual([])
      expect(codes(guard.check(`${list.slice(0, -1)},1,1)`))).toEqual(['limit-exceeded'])
    }
  })
})
