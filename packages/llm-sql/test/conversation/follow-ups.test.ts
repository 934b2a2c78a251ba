import { createSqlAssistant, turnOf, type ConversationTurn } from '@t2t/llm-sql'
import { offlineGenerator } from '@t2t/llm-sql/offline'
import { createSqlGuard, definePolicy } from '@t2t/sql-guard'
import { sqlite } from '@t2t/sql-guard/sqlite'
import { describe, expect, it } from 'vitest'
import { catalogOf, contextOf, openShop, rowsOf, runnerOn, today } from '../support/shop.ts'

const database = openShop()
const assistant = createSqlAssistant({
  context: async () => contextOf(catalogOf(database)),
  guard: (catalog) => createSqlGuard({ dialect: sqlite(), policy: definePolicy(), catalog }),
  run: runnerOn(database),
  generator: offlineGenerator(),
  today,
})

const paid = "o.status = 'paid'"
const money = 'SUM(l.quantity * l.unit_price)'
const lines = 'order_lines l JOIN orders o ON o.id = l.order_id'
const perStore = 'FROM orders o JOIN stores s ON s.id = o.store_id'
const month = (name: string): string =>
  `o.ordered_at >= '${name}-01' AND o.ordered_at < date('${name}-01', '+1 month')`

/** Questions of one conversation, and an independent query with the rows of the last answer. */
const dialogues: readonly (readonly [string, string])[] = [
  [
    'How many orders are paid? | And cancelled?',
    "SELECT COUNT(*) FROM orders WHERE status = 'cancelled'",
  ],
  [
    'How many orders are paid? | What about shipped?',
    "SELECT COUNT(*) FROM orders WHERE status = 'shipped'",
  ],
  [
    'How many orders are paid? | And per store?',
    `SELECT s.name, COUNT(*) ${perStore} WHERE ${paid} GROUP BY s.id`,
  ],
  [
    'How many orders are paid? | per store',
    `SELECT s.name, COUNT(*) ${perStore} WHERE ${paid} GROUP BY s.id`,
  ],
  [
    'How many orders are paid? | by store',
    `SELECT s.name, COUNT(*) ${perStore} WHERE ${paid} GROUP BY s.id`,
  ],
  [
    'How many orders are paid? | And this month?',
    `SELECT COUNT(*) FROM orders o WHERE ${paid} AND ${month('2024-05')}`,
  ],
  [
    'How many orders are paid? | this month?',
    `SELECT COUNT(*) FROM orders o WHERE ${paid} AND ${month('2024-05')}`,
  ],
  [
    'How many orders are paid? | only in 2024',
    `SELECT COUNT(*) FROM orders o WHERE ${paid} AND o.ordered_at >= '2024-01-01'`,
  ],
  [
    'How many orders are paid? | Since March',
    `SELECT COUNT(*) FROM orders o WHERE ${paid} AND o.ordered_at >= '2024-03-01'`,
  ],
  ['sales this month | and last month?', `SELECT ${money} FROM ${lines} WHERE ${month('2024-04')}`],
  [
    'sales this month | What about last month?',
    `SELECT ${money} FROM ${lines} WHERE ${month('2024-04')}`,
  ],
  ['sales this month | last month', `SELECT ${money} FROM ${lines} WHERE ${month('2024-04')}`],
  [
    'sales this month | And in February?',
    `SELECT ${money} FROM ${lines} WHERE ${month('2024-02')}`,
  ],
  ['sales this month | and yesterday?', 'SELECT 30.0'],
  [
    'sales this month | and last month? | and in February?',
    `SELECT ${money} FROM ${lines} WHERE ${month('2024-02')}`,
  ],
  [
    'sales this month | per store',
    `SELECT s.name, ${money} FROM ${lines} JOIN stores s ON s.id = o.store_id WHERE ${month('2024-05')} GROUP BY s.id`,
  ],
  [
    'sales this month | per store | and last month?',
    `SELECT s.name, ${money} FROM ${lines} JOIN stores s ON s.id = o.store_id WHERE ${month('2024-04')} GROUP BY s.id`,
  ],
  ['sales this month | for abracadabra', 'SELECT 115.0'],
  ['sales this month | only for abracadabra', 'SELECT 115.0'],
  [
    'sales by store | per category instead',
    `SELECT p.category, ${money} FROM order_lines l JOIN products p ON p.id = l.product_id GROUP BY 1`,
  ],
  [
    'sales by store | by category instead',
    `SELECT p.category, ${money} FROM order_lines l JOIN products p ON p.id = l.product_id GROUP BY 1`,
  ],
  [
    'sales by store | And by month?',
    `SELECT strftime('%Y-%m', o.ordered_at), ${money} FROM ${lines} GROUP BY 1`,
  ],
  [
    'sales per month | per store instead',
    `SELECT s.name, ${money} FROM ${lines} JOIN stores s ON s.id = o.store_id GROUP BY s.id`,
  ],
  [
    'sales by store | only in 2023',
    `SELECT s.name, ${money} FROM ${lines} JOIN stores s ON s.id = o.store_id WHERE o.ordered_at < '2024-01-01' GROUP BY s.id`,
  ],
  [
    'How many customers are there? | in Spain',
    "SELECT COUNT(*) FROM customers WHERE country = 'Spain'",
  ],
  [
    'How many customers are there? | Only in Spain',
    "SELECT COUNT(*) FROM customers WHERE country = 'Spain'",
  ],
  [
    'How many customers are there? | per country',
    'SELECT country, COUNT(*) FROM customers GROUP BY 1',
  ],
  ['How many customers are there? | And orders?', 'SELECT COUNT(*) FROM orders'],
  ['How many customers are there? | What about products?', 'SELECT COUNT(*) FROM products'],
  ['How many customers are there? | and stores? | and orders?', 'SELECT COUNT(*) FROM orders'],
  [
    'How many customers are in Spain? | And in Portugal?',
    "SELECT COUNT(*) FROM customers WHERE country = 'Portugal'",
  ],
  [
    'How many customers are in Spain? | How about Portugal?',
    "SELECT COUNT(*) FROM customers WHERE country = 'Portugal'",
  ],
  [
    'How many customers are in Spain? | Portugal',
    "SELECT COUNT(*) FROM customers WHERE country = 'Portugal'",
  ],
  [
    'How many customers are in Spain? | per city',
    "SELECT city, COUNT(*) FROM customers WHERE country = 'Spain' GROUP BY 1",
  ],
  [
    'How many customers signed up this month? | and last year?',
    "SELECT COUNT(*) FROM customers WHERE signed_up_on >= '2023-01-01' AND signed_up_on < '2024-01-01'",
  ],
  [
    'List the names of customers from Portugal | And from Spain?',
    "SELECT name FROM customers WHERE country = 'Spain'",
  ],
  [
    'List the names of customers from Portugal | sorted by name descending',
    "SELECT name FROM customers WHERE country = 'Portugal'",
  ],
  ['List the names of customers from Portugal | with more than 2 orders', "SELECT 'Ann Lee'"],
  ['List the names of customers from Spain | without orders', "SELECT 'Di Poe'"],
  ['List the names of customers from Spain | only without orders', "SELECT 'Di Poe'"],
  [
    'List the names of customers | from Spain | and from Portugal?',
    "SELECT name FROM customers WHERE country = 'Portugal'",
  ],
  ['names of products with unit price over 40 | over 100 instead', "SELECT 'Desk'"],
  ['names of products in home | and in toys?', "SELECT name FROM products WHERE category = 'toys'"],
  ['names of products in home | with unit price over 40', "SELECT 'Chair'"],
  [
    'What is the average unit price of products? | only in toys',
    "SELECT AVG(unit_price) FROM products WHERE category = 'toys'",
  ],
  [
    'What is the average unit price of products? | per category',
    'SELECT category, AVG(unit_price) FROM products GROUP BY 1',
  ],
  ['What is the average unit price of products? | And the maximum?', 'SELECT 120.0'],
  ['What is the average unit price of products? | the minimum instead', 'SELECT 15.0'],
  ['Which store has the most orders? | And in 2023?', "SELECT 'Plaza'"],
  [
    'Show me the top 2 products by sales | this month',
    "SELECT 'Puzzle', 115.0 UNION ALL SELECT 'Kite', 45.0",
  ],
  ['Which customers are in Spain? | How many of them signed up this month?', 'SELECT 1'],
  ['Show the customers from Spain | How many of them?', 'SELECT 2'],
  [
    'Show the orders of this month | How many of those are paid?',
    `SELECT COUNT(*) FROM orders o WHERE ${paid} AND ${month('2024-05')}`,
  ],
  [
    'How many returns per reason? | only this month',
    "SELECT reason, COUNT(*) FROM returns WHERE returned_at >= '2024-05-01' GROUP BY 1",
  ],
  ['How many orders are paid? | How many customers are there?', 'SELECT 4'],
  ['How many orders are paid? | Number of orders', 'SELECT 7'],
  [
    'How many orders are paid? | and sales this month?',
    `SELECT ${money} FROM ${lines} WHERE ${month('2024-05')}`,
  ],
  ['How many orders are paid? | and how many customers are there?', 'SELECT 4'],
]

/** Conversations whose last question is not known; it must be asked what it means. */
const unclear: readonly string[] = [
  'How many orders are paid? | why?',
  'Which store has the most orders? | the second one',
  'Which store has the most orders? | and the others?',
  'sales by store | Are you sure?',
  'sales by store | and for Atlantis?',
  'How many orders are paid? | and blue?',
  'How many orders are paid? | more',
]

const sorted = (rows: readonly (readonly unknown[])[]): readonly string[] =>
  rows.map((row) => JSON.stringify(row)).toSorted()

async function lastAnswer(dialogue: string) {
  const conversation: ConversationTurn[] = []
  const questions = dialogue.split(' | ')
  for (const question of questions.slice(0, -1)) {
    const turn = turnOf(await assistant.ask(question, { conversation }).answer)
    if (turn !== undefined) conversation.push(turn)
  }
  return assistant.ask(questions.at(-1) ?? '', { conversation }).answer
}

describe('the offline generator in a conversation', () => {
  it.for(dialogues)('answers the last of "%s"', async ([dialogue, sql]) => {
    const answer = await lastAnswer(dialogue)

    expect(answer).toMatchObject({ kind: 'answered' })
    if (answer.kind !== 'answered') return
    expect(sorted(answer.rows)).toEqual(sorted(rowsOf(database, sql)))
  })

  it.for(unclear)('asks what the last of "%s" means', async (dialogue) => {
    expect(await lastAnswer(dialogue)).toMatchObject({ kind: 'clarify' })
  })

  it('says how a question was read that follows another', async () => {
    expect(await lastAnswer('How many orders are paid? | And per store?')).toMatchObject({
      explanation: expect.stringContaining('Read as "How many orders are paid per store".'),
    })
  })
})
