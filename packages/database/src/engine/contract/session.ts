import assert from 'node:assert/strict'
import { hostileTexts, stickyTexts } from './hostile-texts.ts'
import { type EngineContractCase, calm, codeOf, errorOf, generous, promise } from './subject.ts'

/** Cases about what no statement may do. */
export const sessionCases: readonly EngineContractCase[] = [
  promise('lets nothing run that is not one reading statement', async (opened) => {
    const before = await opened.fingerprint()

    for (const sql of hostileTexts(opened.engine.dialect)) {
      const outcome = await opened.engine.read(sql, generous, calm).then(
        () => 'gave rows',
        (error: unknown) => codeOf(error),
      )
      assert.match(outcome, /^DATABASE_(STATEMENT_REFUSED|QUERY_FAILED)$/, sql)
      assert.equal(await opened.fingerprint(), before, sql)
    }
  }),
  promise('leaves nothing behind of what a statement set', async (opened) => {
    const before = await opened.fingerprint()

    for (const sql of stickyTexts(opened.engine.dialect)) {
      await opened.engine.read(sql, generous, calm).catch((error: unknown) => {
        assert.match(codeOf(error), /^DATABASE_(STATEMENT_REFUSED|QUERY_FAILED)$/, sql)
      })
      assert.equal(await opened.fingerprint(), before, sql)
    }
  }),
  promise('names what is wrong with a statement, and no value', async ({ engine }, subject) => {
    const { integerType = 'BIGINT' } = subject
    const unknown = await errorOf(engine.read('SELECT colour FROM moons', generous, calm))
    const spoiled = await errorOf(
      engine.read(
        `SELECT CAST('secret' AS ${integerType}) / 0, json('secret') FROM moons`,
        generous,
        calm,
      ),
    )

    assert.equal(codeOf(unknown), 'DATABASE_QUERY_FAILED')
    assert.match(String(unknown), /colour/)
    assert.equal(codeOf(spoiled), 'DATABASE_QUERY_FAILED')
    assert.doesNotMatch(String(spoiled), /secret/)
  }),
]
