import { createSqlAssistant, type SqlGenerator } from '@t2t/llm-sql'
import { createSqlGuard, definePolicy } from '@t2t/sql-guard'
import { sqlite } from '@t2t/sql-guard/sqlite'
import { describe, expect, it } from 'vitest'
import { catalogOf, contextOf, openShop, runnerOn, today } from '../support/shop.ts'

const database = openShop()
const catalog = catalogOf(database)
const policy = definePolicy({ columns: { block: ['customers.email'] } })

function drafting(sql: string, explanation = sql): SqlGenerator {
  return { name: 'drafts', draft: async () => ({ kind: 'sql', sql, explanation, confidence: 0.8 }) }
}

function answerOf(generator: SqlGenerator, secondReading: SqlGenerator) {
  return createSqlAssistant({
    context: async () => contextOf(catalog),
    guard: (known) => createSqlGuard({ dialect: sqlite(), policy, catalog: known }),
    run: runnerOn(database),
    generator,
    secondReading,
    today,
  }).ask('How many orders are there?').answer
}

const count = drafting('SELECT COUNT(*) FROM orders', 'Counts orders.')

describe('a second reading', () => {
  it('makes an answer stronger when it gives the same rows', async () => {
    const other = drafting('SELECT SUM(1) FROM orders')

    expect(await answerOf(count, other)).toMatchObject({ kind: 'answered', confidence: 0.9 })
  })

  it('makes it a question when it gives other rows, with the difference', async () => {
    const other = drafting(
      "SELECT COUNT(*) FROM orders WHERE status <> 'cancelled'",
      'Not cancelled.',
    )

    expect(await answerOf(count, other)).toMatchObject({
      kind: 'clarify',
      ask: 'There are two readings, and they differ: the first gives 7, the second 6. Which one is meant?',
      choices: ['Counts orders.', 'Not cancelled.'],
      readings: [{ row: [7] }, { row: [6] }],
    })
  })

  it('shows the one row that only one of them gives, whatever the order', async () => {
    const names = drafting('SELECT name FROM customers ORDER BY name')
    const buyers = drafting(
      'SELECT DISTINCT c.name FROM customers c JOIN orders o ON o.customer_id = c.id ORDER BY c.name DESC',
    )

    expect(await answerOf(names, buyers)).toMatchObject({
      kind: 'clarify',
      ask: 'There are two readings, and they differ: only the first gives Di Poe. Which one is meant?',
    })
  })

  it.for([
    ['is refused', drafting('SELECT COUNT(email) FROM customers')],
    ['does not run', drafting('SELECT COUNT(unknown) FROM orders')],
    ['shows other columns', drafting('SELECT id, status FROM orders')],
    ['asks back', { name: 'asks', draft: async () => ({ kind: 'cannot', ask: '?', choices: [] }) }],
    ['fails', { name: 'fails', draft: () => Promise.reject(new Error('secret')) }],
  ] as const satisfies readonly (readonly [string, SqlGenerator])[])(
    'changes nothing when it %s',
    async ([, other]) => {
      expect(await answerOf(count, other)).toMatchObject({
        kind: 'answered',
        rows: [[7]],
        confidence: 0.8,
      })
    },
  )
})
