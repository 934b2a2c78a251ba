import { createSqlAssistant, type SqlAssistant, type Thesaurus } from '@t2t/llm-sql'
import { offlineGenerator } from '@t2t/llm-sql/offline'
import { createSqlGuard, definePolicy } from '@t2t/sql-guard'
import { sqlite } from '@t2t/sql-guard/sqlite'
import { describe, expect, it } from 'vitest'
import { catalogOf, contextOf, openShop, runnerOn, today } from '../support/shop.ts'

const database = openShop()

function assistantWith(thesaurus: Thesaurus | undefined): SqlAssistant {
  return createSqlAssistant({
    context: async () => contextOf(catalogOf(database)),
    guard: (catalog) => createSqlGuard({ dialect: sqlite(), policy: definePolicy(), catalog }),
    run: runnerOn(database),
    generator: offlineGenerator(),
    thesaurus,
    today,
  })
}

const words: Readonly<Record<string, readonly string[]>> = {
  buyer: ['customer'],
  town: ['city', 'urban area'],
  purchase: ['order line'],
  many: ['store'],
}

describe('a thesaurus', () => {
  const asked: string[] = []
  const thesaurus: Thesaurus = {
    synonymsOf: (word) => {
      asked.push(word)
      return words[word] ?? []
    },
  }

  it.for([
    ['How many buyers are there?', [[4]]],
    ['How many purchases are there?', [[10]]],
    ['What are the different towns of buyers?', [['Lisbon'], ['Porto'], ['Madrid']]],
  ] as const)('leads an assistant to an answer for "%s"', async ([question, rows]) => {
    const answer = await assistantWith(thesaurus).ask(question).answer
    const without = await assistantWith(undefined).ask(question).answer

    expect(answer).toMatchObject({ kind: 'answered', rows })
    expect(answer.kind === 'answered' && answer.confidence < 1).toBe(true)
    expect(without).toMatchObject({ kind: 'clarify' })
  })

  it('is not asked about words of the grammar or of the schema', async () => {
    asked.length = 0

    await assistantWith(thesaurus).ask('How many customers and buyers are there?').answer

    expect([...new Set(asked)]).toEqual(['buyer'])
  })
})
