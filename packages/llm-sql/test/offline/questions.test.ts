import { createSqlAssistant, OptionInvalidError } from '@t2t/llm-sql'
import { offlineGenerator } from '@t2t/llm-sql/offline'
import { createSqlGuard, definePolicy } from '@t2t/sql-guard'
import { postgres } from '@t2t/sql-guard/postgres'
import { sqlite } from '@t2t/sql-guard/sqlite'
import { describe, expect, it } from 'vitest'
import { questions } from '../support/questions.ts'
import { catalogOf, contextOf, openShop, rowsOf, runnerOn, today } from '../support/shop.ts'

const database = openShop()
const assistant = createSqlAssistant({
  context: async () => contextOf(catalogOf(database)),
  guard: (catalog) => createSqlGuard({ dialect: sqlite(), policy: definePolicy(), catalog }),
  run: runnerOn(database),
  generator: offlineGenerator(),
  today,
})

const sorted = (rows: readonly (readonly unknown[])[]): readonly string[] =>
  rows.map((row) => JSON.stringify(row)).toSorted()

describe('the offline generator', () => {
  it.for(questions)('answers "%s"', async ([question, sql]) => {
    const answer = await assistant.ask(question).answer

    expect(answer).toMatchObject({ kind: 'answered' })
    if (answer.kind !== 'answered') return
    expect(sorted(answer.rows)).toEqual(sorted(rowsOf(database, sql)))
  })
})

describe('the offline generator for PostgreSQL', () => {
  it.for(questions)(
    'writes SQL that its grammar and the catalog accept for "%s"',
    async ([question]) => {
      const catalog = catalogOf(database, 'postgres')
      const guard = await createSqlGuard({ dialect: postgres(), policy: definePolicy(), catalog })
      const ask = createSqlAssistant({
        context: async () => contextOf(catalog),
        guard,
        run: async () => ({ kind: 'rows', columns: [], rows: [], isTruncated: false }),
        generator: offlineGenerator(),
        today,
      })

      expect(await ask.ask(question).answer).toMatchObject({ kind: 'answered', attempts: 1 })
    },
  )

  it('groups by month with its own function', async () => {
    const catalog = catalogOf(database, 'postgres')
    const sql: string[] = []
    const ask = createSqlAssistant({
      context: async () => contextOf(catalog),
      guard: await createSqlGuard({ dialect: postgres(), policy: definePolicy(), catalog }),
      run: async (text) => {
        sql.push(text)
        return { kind: 'rows', columns: [], rows: [], isTruncated: false }
      },
      generator: offlineGenerator(),
      today,
    })

    await ask.ask('Number of orders per month').answer

    expect(sql.join()).toContain("GROUP BY to_char(ordered_at, 'YYYY-MM')")
  })
})

describe('confidence', () => {
  it.for([-0.1, 1.1, Number.NaN])('cannot be %d at the least', (minConfidence) => {
    expect(() => offlineGenerator({ minConfidence })).toThrow(OptionInvalidError)
  })

  it('decides between an answer and a question back', async () => {
    const strict = createSqlAssistant({
      context: async () => contextOf(catalogOf(database)),
      guard: (catalog) => createSqlGuard({ dialect: sqlite(), policy: definePolicy(), catalog }),
      run: runnerOn(database),
      generator: offlineGenerator({ minConfidence: 1 }),
      today,
    })

    expect(await strict.ask('How many orders per status?').answer).toMatchObject({
      kind: 'answered',
      confidence: 1,
    })
    expect(await strict.ask('the 2 cheapest products').answer).toMatchObject({
      kind: 'clarify',
      ask: expect.stringContaining('Is this what is meant?'),
    })
  })

  it.for([
    ['Which customers have orders that are paid and shipped?', 'clarify'],
    ['Which customers have orders that are paid or shipped?', 'answered'],
  ] as const)(
    'is low where "and" may ask for what one row cannot show: "%s"',
    async ([question, kind]) => {
      expect(await assistant.ask(question).answer).toMatchObject({ kind })
    },
  )

  it('is low for a value that is misspelt: it is named, and nothing is answered with it', async () => {
    expect(await assistant.ask('How many orders are canceled?').answer).toMatchObject({
      kind: 'answered',
      rows: [[1]],
    })
    expect(await assistant.ask('How many customers are in Madrod?').answer).toMatchObject({
      kind: 'clarify',
      ask: expect.stringContaining('Madrid'),
      entities: expect.arrayContaining([
        expect.objectContaining({
          meaning: "perhaps customers.city = 'Madrid'",
        }),
      ]),
    })
  })
})
