import {
  createSqlAssistant,
  modelGenerator,
  OptionInvalidError,
  turnOf,
  type ConversationTurn,
  type ConversationWindow,
} from '@t2t/llm-sql'
import { scriptedModel } from '@t2t/llm-sql/testing'
import { createSqlGuard, definePolicy, type PolicyInput } from '@t2t/sql-guard'
import { sqlite } from '@t2t/sql-guard/sqlite'
import { describe, expect, it } from 'vitest'
import { catalogOf, contextOf, openShop, runnerOn, today } from '../support/shop.ts'

const database = openShop()
const catalog = catalogOf(database)

function assistantFor(policy: PolicyInput = {}, window?: ConversationWindow) {
  const model = scriptedModel([
    ({ messages }) => {
      const text = messages.at(-1)?.content ?? ''
      const isFollowing = text.includes("status = 'paid'") && text.includes('And per store?')
      return isFollowing
        ? "SELECT store_id, COUNT(*) FROM orders WHERE status = 'paid' GROUP BY store_id"
        : "SELECT COUNT(*) FROM orders WHERE status = 'paid'"
    },
  ])
  const assistant = createSqlAssistant({
    context: async () => contextOf(catalog),
    guard: (known) =>
      createSqlGuard({ dialect: sqlite(), policy: definePolicy(policy), catalog: known }),
    run: runnerOn(database),
    generator: modelGenerator({ model }),
    window,
    today,
  })
  return { assistant, asked: () => model.requests.at(-1)?.messages.at(-1)?.content ?? '' }
}

function turns(...names: readonly string[]): ConversationTurn[] {
  return names.map((name) => ({ question: name, sql: `SELECT '${name}'`, reads: [] }))
}

describe('a conversation', () => {
  it('lets a question follow the tables and filters of an earlier one', async () => {
    const { assistant } = assistantFor()

    const first = turnOf(await assistant.ask('How many orders are paid?').answer)
    const conversation = first === undefined ? [] : [first]
    const second = await assistant.ask('And per store?', { conversation }).answer

    expect(first).toMatchObject({ reads: [{ table: 'orders' }] })
    expect(second).toMatchObject({
      kind: 'answered',
      rows: [
        [1, 2],
        [2, 3],
      ],
    })
  })

  it('has nothing to follow after a question that gave no rows', async () => {
    const { assistant } = assistantFor()

    expect(turnOf(await assistant.ask('DROP TABLE orders').answer)).toBeUndefined()
  })

  it('keeps the newest turns that fit, oldest first', async () => {
    const { assistant, asked } = assistantFor({}, { maxTokens: 30, reserveTokens: 15 })

    await assistant.ask('And now?', { conversation: turns('eldest', 'middle', 'newest') }).answer

    expect(asked()).not.toContain('eldest')
    expect(asked().indexOf('middle')).toBeGreaterThan(0)
    expect(asked().indexOf('newest')).toBeGreaterThan(asked().indexOf('middle'))
  })

  it('keeps as many of the newest as it is told, whether they fit or not', async () => {
    const { assistant, asked } = assistantFor({}, { maxTokens: 0, preserveRecent: 2 })

    await assistant.ask('And now?', { conversation: turns('eldest', 'middle', 'newest') }).answer

    expect(['eldest', 'middle', 'newest'].filter((name) => asked().includes(name))).toEqual([
      'middle',
      'newest',
    ])
  })

  it('leaves no trace of a turn that reads what the caller must not see', async () => {
    const { assistant, asked } = assistantFor({ columns: { block: ['customers.email'] } })
    const columns = [{ column: 'email', uses: ['output'] }] as const
    const hidden = {
      question: 'secret question',
      sql: 'SELECT email FROM customers',
      reads: [{ schema: 'main', table: 'customers', columns }],
    }
    await assistant.ask('How many?').answer
    const without = asked()

    await assistant.ask('How many?', { conversation: [hidden] }).answer

    expect(asked().replaceAll(/[0-9a-f-]{36}/g, '')).toBe(without.replaceAll(/[0-9a-f-]{36}/g, ''))
  })

  it.for([{ maxTokens: -1 }, { reserveTokens: 0.5 }, { preserveRecent: Number.NaN }])(
    'does not take %o',
    (window) => {
      expect(() => assistantFor({}, window)).toThrow(OptionInvalidError)
    },
  )
})
