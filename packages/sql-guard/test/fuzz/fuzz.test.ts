import { describe, expect, it } from 'vitest'
import { fuzzSqlite } from './fuzz-sqlite.ts'
import { createRandom, mutate, tokensOf } from './mutate.ts'

describe('mutated attacks', () => {
  it('are the same for the same seed', () => {
    const corpus = ['SELECT a FROM b', 'SELECT (1) + 2'].map(tokensOf)
    const [first, second] = [createRandom(7), createRandom(7)]

    expect(Array.from({ length: 9 }, () => mutate(corpus, first))).toEqual(
      Array.from({ length: 9 }, () => mutate(corpus, second)),
    )
  })

  it('give nothing away in SQLite, and change nothing', { timeout: 60_000 }, async () => {
    const { allowed, ran, broken } = await fuzzSqlite(2026, 4_000)

    expect(broken).toEqual([])
    expect(allowed).toBeGreaterThan(100)
    expect(ran).toBeGreaterThan(50)
  })
})
