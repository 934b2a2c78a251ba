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
  punter: ['customer'],
  burgh: ['city', 'urban area'],
  haul: ['order line'],
  many: ['store'],
}

describe('without a thesaurus', () => {
  it.for([
    ['How many clients are there?', [[4]]],
    ['How many shops are there?', [[3]]],
    ['What are the different towns of shoppers?', [['Lisbon'], ['Porto'], ['Madrid']]],
    ['How many goods are there?', [[5]]],
  ] as const)('common words of like meaning are known: "%s"', async ([question, rows]) => {
    expect(await assistantWith(undefined).ask(question).answer).toMatchObject({
      kind: 'answered',
      rows,
    })
  })
})

describe('a thesaurus', () => {
  const asked: string[] = []
  const thesaurus: Thesaurus = {
    synonymsOf: (word) => {
      asked.push(word)
      return words[word] ?? []
    },
  }

  it.for([
    ['How many punters are there?', [[4]]],
    ['How many hauls are there?', [[10]]],
    ['What are the different burghs of punters?', [['Lisbon'], ['Porto'], ['Madrid']]],
  ] as const)('leads an assistant to an answer for "%s"', async ([question, rows]) => {
    const answer = await assistantWith(thesaurus).ask(question).answer
    const without = await assistantWith(undefined).ask(question).answer

    expect(answer).toMatchObject({ kind: 'answered', rows })
    expect(answer.kind === 'answered' && answer.confidence < 1).toBe(true)
    expect(without).toMatchObject({ kind: 'clarify' })
  })

  it('is not asked about words of the grammar or of the schema', async () => {
    asked.length = 0

    await assistantWith(thesaurus).ask('How many customers and punters are there?').answer

    expect([...new Set(asked)]).toEqual(['punter'])
  })
})
