import { createSqlAssistant, type QueryRunner, type SqlGenerator } from '@t2t/llm-sql'
import { offlineGenerator } from '@t2t/llm-sql/offline'
import { createSqlGuard, definePolicy, type PolicyInput } from '@t2t/sql-guard'
import { sqlite } from '@t2t/sql-guard/sqlite'
import { describe, expect, it } from 'vitest'
import { questions } from '../support/questions.ts'
import { catalogOf, contextOf, openShop, runnerOn, today } from '../support/shop.ts'

const database = openShop()
const catalog = catalogOf(database)

function assistantFor(
  generator: SqlGenerator,
  policy: PolicyInput = {},
  run: QueryRunner = runnerOn(database),
) {
  return createSqlAssistant({
    context: async () => contextOf(catalog),
    guard: (known) =>
      createSqlGuard({ dialect: sqlite(), policy: definePolicy(policy), catalog: known }),
    run,
    generator,
    verifyWith: sqlite(),
    today,
  })
}

function drafting(sql: string): SqlGenerator {
  const draft = { kind: 'sql', sql, explanation: 'Read.', confidence: 0.8 } as const
  return { name: 'drafts', draft: async () => draft }
}

async function warningsOn(sql: string, policy?: PolicyInput) {
  const answer = await assistantFor(drafting(sql), policy).ask('What is it?').answer
  return answer.kind === 'answered' ? (answer.warnings ?? []).map(({ code }) => code) : answer
}

const joined = 'orders o JOIN order_lines l ON l.order_id = o.id'

describe('verifying', () => {
  it.for([
    ['a sum over rows that a join repeats', `SELECT SUM(o.store_id) FROM ${joined}`],
    ['an average over them', `SELECT AVG(o.store_id) FROM ${joined} WHERE o.id > 1`],
    ['a count of them', `SELECT o.status, COUNT(o.id) FROM ${joined} GROUP BY o.status`],
    [
      'a join in the condition',
      'SELECT SUM(o.store_id) FROM orders o, order_lines l WHERE l.order_id = o.id',
    ],
    [
      'a sum two joins away',
      `SELECT SUM(c.id) FROM ${joined} JOIN customers c ON c.id = o.customer_id`,
    ],
  ] as const)('doubts %s', async ([, sql]) => {
    expect(await warningsOn(sql)).toEqual(['rows-counted-twice'])
  })

  it.for([
    ['a sum over the table with many rows', `SELECT SUM(l.quantity * l.unit_price) FROM ${joined}`],
    ['a product of both sides', `SELECT SUM(l.quantity * o.id) FROM ${joined}`],
    ['a count of distinct keys', `SELECT COUNT(DISTINCT o.id) FROM ${joined}`],
    ['the largest of repeated rows', `SELECT MAX(o.ordered_at) FROM ${joined}`],
    ['a sum in one table', 'SELECT SUM(store_id) FROM orders'],
    ['a value that is there', "SELECT COUNT(*) FROM customers WHERE name = 'Ann Lee'"],
    [
      'values that exclude no row',
      "SELECT COUNT(*) FROM orders WHERE status = 'paid' OR status = 'shipped'",
    ],
    [
      'a half-open range',
      "SELECT id FROM orders WHERE ordered_at >= '2024-05-01' AND ordered_at < '2024-06-01'",
    ],
  ] as const)('has no doubt about %s', async ([, sql]) => {
    expect(await warningsOn(sql)).toEqual([])
  })

  it.for([
    ['two values at once', "SELECT id FROM orders WHERE status = 'paid' AND status = 'late'"],
    [
      'a range without inside',
      "SELECT id FROM orders WHERE ordered_at >= '2024-06-01' AND ordered_at < '2024-06-01'",
    ],
    [
      'numbers that exclude each other',
      'SELECT id FROM products WHERE unit_price > 40 AND unit_price < 20',
    ],
  ] as const)('finds %s contradictory', async ([, sql]) => {
    expect(await warningsOn(sql)).toEqual(['filters-contradict'])
  })

  it('asks the database whether a value exists when nothing was found, and says how it is written', async () => {
    const assistant = assistantFor(
      drafting("SELECT COUNT(*) FROM customers WHERE country = 'PORTUGAL'"),
    )

    expect(await assistant.ask('How many from Portugal?').answer).toMatchObject({
      kind: 'answered',
      rows: [[0]],
      confidence: 0.8 * 0.6,
      warnings: [
        {
          code: 'value-missing',
          message: "No row of customers has 'PORTUGAL' as country. It holds 'Portugal'.",
        },
      ],
      explanation: "Read. No row of customers has 'PORTUGAL' as country. It holds 'Portugal'.",
    })
  })

  it('finds the value of a list that does not exist, although there are rows', async () => {
    expect(await warningsOn("SELECT name FROM customers WHERE name IN ('Ann Lee', 'Zoe')")).toEqual(
      ['value-missing'],
    )
  })

  it('asks for five values at the most, each through the guard', async () => {
    const ran: string[] = []
    const names = Array.from({ length: 20 }, (_, at) => `'nobody ${at}'`).join(', ')
    const run: QueryRunner = (sql, signal) => {
      ran.push(sql)
      return runnerOn(database)(sql, signal)
    }

    await assistantFor(
      drafting(`SELECT id FROM customers WHERE name IN (${names})`),
      { rows: { filter: { customers: 'id < 3' } } },
      run,
    ).ask('Who?').answer

    expect(ran).toHaveLength(6)
    expect(ran.every((sql) => sql.includes('id < 3'))).toBe(true)
  })

  it('doubts a fold over a part that has a limit', async () => {
    expect(
      await warningsOn(
        'SELECT SUM(quantity) FROM (SELECT quantity FROM order_lines LIMIT 3) AS part',
      ),
    ).toEqual(['limit-inside'])
    expect(
      await warningsOn(
        'WITH part AS (SELECT quantity FROM order_lines LIMIT 3) SELECT COUNT(*) FROM part',
      ),
    ).toEqual(['limit-inside'])
  })

  it('says that rows were cut off when the limit of the guard may have done it', async () => {
    const policy = { limits: { maxRows: 3 } }
    const answer = await assistantFor(drafting('SELECT id FROM orders'), policy).ask('Which?')
      .answer

    expect(answer).toMatchObject({
      kind: 'answered',
      rows: [[1], [2], [3]],
      isTruncated: true,
      warnings: [{ code: 'rows-cut-off' }],
    })
    expect(await warningsOn('SELECT id FROM orders LIMIT 3', policy)).toEqual([])
  })

  it('has no doubt about what the offline generator writes', async () => {
    const assistant = assistantFor(offlineGenerator())
    const doubted: unknown[] = []
    for (const [question] of questions) {
      const answer = await assistant.ask(question).answer
      if (answer.kind === 'answered' && answer.warnings !== undefined)
        doubted.push([question, answer.sql, answer.warnings])
    }

    expect(doubted).toEqual([])
  })
})
