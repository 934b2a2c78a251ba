import { isDeepStrictEqual } from 'node:util'
import { describe, expect, it } from 'vitest'
import { openSqlite } from './engines/sqlite.ts'
import { fuzz } from './fuzz.ts'
import { minimised } from './minimise.ts'
import { mutate, tokensOf } from './mutate.ts'
import { createRandom } from './random.ts'
import { textsFor } from './texts.ts'

describe('mutated attacks', () => {
  it('are the same for the same seed and number', () => {
    const [first, second] = [textsFor('postgres', 7), textsFor('postgres', 7)]
    const numbers = Array.from({ length: 50 }, (_, index) => index)

    expect(numbers.map(first)).toEqual(numbers.toReversed().map(second).toReversed())
    expect(new Set(numbers.map(first)).size).toBeGreaterThan(45)
  })

  it('are made of pieces of their corpus', () => {
    const corpus = ['SELECT a FROM b', 'SELECT (1) + 2'].map(tokensOf)
    const texts = Array.from({ length: 9 }, (_, index) => mutate(corpus, createRandom(index)))

    expect(texts.filter((text) => text.includes('SELECT')).length).toBeGreaterThan(5)
  })

  it('are shortened to what a finding needs', async () => {
    const text = 'SELECT a, (b + (c)) FROM d WHERE e = 1 ORDER BY f'
    const shortest = await minimised(text, (shorter) =>
      Promise.resolve(/SELECT.*\bc\b.*FROM/.test(shorter)),
    )

    expect(shortest).toBe('SELECTcFROM'.replace('c', ' c ').replaceAll('  ', ' '))
  })

  it('are judged by an engine that sees what differs and what changes', async () => {
    const engine = await openSqlite()
    const texts = [
      'SELECT id FROM customers ORDER BY email',
      'SELECT id FROM customers ORDER BY id',
    ]
    const honest = await engine.judge(texts, 'columns')
    const harmful = await engine.judge(['DELETE FROM orders'], 'columns')
    await engine.close()

    expect(honest.judgements.map(({ one, other }) => isDeepStrictEqual(one, other))).toEqual([
      false,
      true,
    ])
    expect([honest.isChanged, harmful.isChanged]).toEqual([false, true])
  })

  it('give nothing away in SQLite, and change nothing', { timeout: 60_000 }, async () => {
    const { counts, found } = await fuzz({ engine: 'sqlite', seed: 2026, from: 0, to: 5_000 })

    expect(found).toEqual([])
    expect(counts.ran).toBeGreaterThan(400)
  })
})
