import { createSqlAssistant } from '@t2t/llm-sql'
import { offlineGenerator } from '@t2t/llm-sql/offline'
import { createSqlGuard, definePolicy } from '@t2t/sql-guard'
import { postgres } from '@t2t/sql-guard/postgres'
import { sqlite } from '@t2t/sql-guard/sqlite'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { questions } from '../support/questions.ts'
import { catalogOf, contextOf, openShop, runnerOn, today } from '../support/shop.ts'

const database = openShop()
const catalog = catalogOf(database)
const pgCatalog = catalogOf(database, 'postgres')
const policy = definePolicy()

const onSqlite = createSqlAssistant({
  context: async () => contextOf(catalog),
  guard: await createSqlGuard({ dialect: sqlite(), policy, catalog }),
  run: runnerOn(database),
  generator: offlineGenerator({ minConfidence: 0 }),
  today,
  maxAttempts: 1,
})
const onPostgres = createSqlAssistant({
  context: async () => contextOf(pgCatalog),
  guard: await createSqlGuard({ dialect: postgres(), policy, catalog: pgCatalog }),
  run: async () => ({ kind: 'rows', columns: [], rows: [], isTruncated: false }),
  generator: offlineGenerator({ minConfidence: 0 }),
  today,
  maxAttempts: 1,
})

/** Words of real questions, in any order, with numbers, names and marks between them. */
const words = [...new Set(questions.flatMap(([question]) => question.split(/\s+/)))]
const piece = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...words) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'most',
      'per',
      'without',
      'between',
      'or',
      'not',
      'by',
      'highest',
      'top',
      'average',
      'and',
      '3',
      '2024',
      '"',
      "'",
      ',',
      'Zed',
      '-',
      '%',
      ';',
    ),
  },
  { weight: 1, arbitrary: fc.string({ maxLength: 6 }) },
)
const anyQuestion = fc
  .array(piece, { minLength: 1, maxLength: 14 })
  .map((pieces) => `show ${pieces.join(' ')}`)

// Longer than these questions take on a machine that does much else.
describe('the offline generator', { timeout: 240_000 }, () => {
  it('either asks or writes SQL that the guard allows and SQLite runs, whatever the words', async () => {
    await fc.assert(
      fc.asyncProperty(anyQuestion, async (question) => {
        expect(['answered', 'clarify']).toContain((await onSqlite.ask(question).answer).kind)
      }),
      { numRuns: 1_000, seed: 1 },
    )
  })

  it('either asks or writes SQL that PostgreSQL reads, whatever the words', async () => {
    await fc.assert(
      fc.asyncProperty(anyQuestion, async (question) => {
        expect(['answered', 'clarify']).toContain((await onPostgres.ask(question).answer).kind)
      }),
      { numRuns: 500, seed: 2 },
    )
  })

  it('ends for a question of many words', async () => {
    const long = 'orders of customers per store with the most products '.repeat(400)

    expect(['answered', 'clarify']).toContain((await onSqlite.ask(long).answer).kind)
  })
})
