import { createSqlGuard, type Verdict } from '@t2t/sql-guard'
import { postgres } from '@t2t/sql-guard/postgres'
import { describe, expect, it } from 'vitest'

const dialect = postgres()
const guard = await createSqlGuard({ dialect, maxCachedTexts: 0 })
// About 1,900 links: within the bound, and more than a short stack can hold.
const chain = `SELECT a${' + 1'.repeat(1_900)} FROM t`

/** Decides about a text at every depth of the stack, the deepest first. */
function atEveryDepth(sql: string, verdicts: Verdict[]): void {
  try {
    atEveryDepth(sql, verdicts)
  } catch {
    // The stack is full; further out there is room again.
  }
  if (verdicts.length < 200) verdicts.push(guard.check(sql))
}

describe('the parser of PostgreSQL', () => {
  it('takes the place of one that ran out of stack', async () => {
    const verdicts: Verdict[] = []
    expect(guard.check(chain)).toMatchObject({ kind: 'allowed' })

    atEveryDepth(chain, verdicts)

    expect(verdicts).toContainEqual(
      expect.objectContaining({
        findings: [expect.objectContaining({ message: expect.stringContaining('started again') })],
      }),
    )
    expect(guard.check('SELECT 1').kind).toBe('refused')
    await dialect.load()
    expect(guard.check(chain)).toMatchObject({ kind: 'allowed' })
    expect(guard.check('SELECT a, b FROM t WHERE a = 1')).toMatchObject({ kind: 'allowed' })
    expect(guard.check('SELECT a FROM t WHERE é = ? = ? ? (').kind).toBe('refused')
    expect(guard.check("SELECT 'ü' FROM FROM t")).toMatchObject({
      findings: [{ code: 'syntax-invalid', span: { start: 16 } }],
    })
  })

  it.for([
    ['operators', `SELECT 1${' + 1'.repeat(12_000)}`],
    ['casts', `SELECT 1${'::int'.repeat(9_000)}`],
    ['times of zones', `SELECT now()${' AT LOCAL'.repeat(6_000)}`],
    ['collations', `SELECT a${' COLLATE "C"'.repeat(5_000)} FROM t`],
    ['tests', `SELECT a${' IS NULL'.repeat(7_000)} FROM t`],
    ['joins', `SELECT FROM t${' JOIN t ON a'.repeat(5_000)}`],
    ['cases', `SELECT ${'CASE WHEN a THEN '.repeat(2_500)}a${' END'.repeat(2_500)}`],
    ['set operations', `SELECT${' UNION SELECT'.repeat(4_500)}`],
  ] as const)('is not given long chains of %s', ([, sql]) => {
    expect(guard.check(sql)).toMatchObject({ findings: [{ code: 'limit-exceeded' }] })
    expect(guard.check('SELECT 1')).toMatchObject({ kind: 'allowed' })
  })
})
