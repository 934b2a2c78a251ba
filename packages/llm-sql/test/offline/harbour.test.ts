import { createSqlAssistant } from '@t2t/llm-sql'
import { offlineGenerator } from '@t2t/llm-sql/offline'
import { createSqlGuard, definePolicy } from '@t2t/sql-guard'
import { sqlite } from '@t2t/sql-guard/sqlite'
import { describe, expect, it } from 'vitest'
import { harbourCatalog, openHarbour } from '../support/harbour.ts'
import { contextOf, rowsOf, runnerOn, today } from '../support/shop.ts'

const database = openHarbour()
const assistant = createSqlAssistant({
  context: async () => contextOf(harbourCatalog(database), []),
  guard: (catalog) => createSqlGuard({ dialect: sqlite(), policy: definePolicy(), catalog }),
  run: runnerOn(database),
  generator: offlineGenerator(),
  today,
})

const sorted = (rows: readonly (readonly unknown[])[]): readonly string[] =>
  rows.map((row) => JSON.stringify(row)).toSorted()

const byShip = 'harbour_calls c JOIN ships s ON s.ship_id = c.ship_id'

/** Each question about the harbour, and an independent query with the rows that it must give. */
const questions: readonly (readonly [string, string])[] = [
  ['Which ships have more than one call?', "SELECT 'Heron' UNION ALL SELECT 'Egret'"],
  ['Which ship has the most calls?', "SELECT 'Heron'"],
  [
    'Show the name of each ship and the number of calls',
    `SELECT s.ship_name, COUNT(*) FROM ${byShip} GROUP BY s.ship_id`,
  ],
  ['What is the number of bunks of the ship Heron?', 'SELECT 12'],
  ['What is the average number of bunks of red ships?', 'SELECT 22'],
  ['What is the total number of bunks of blue ships?', 'SELECT 20'],
  ['Count the number of different flags of ships', 'SELECT 2'],
  ['What are the full names of all captains?', 'SELECT first_name, last_name FROM captains'],
  ['Which ship has the youngest captain?', "SELECT 'Egret'"],
  ['Show the last name of the best paid captain', "SELECT 'Finn'"],
  ['What is the longest ship?', "SELECT 'Egret'"],
  ['Which port is the deepest?', "SELECT 'Belmare'"],
  ['How long is the ship Curlew?', 'SELECT 95'],
  [
    'Show the names of ships with a length below 70 or above 100',
    "SELECT 'Plover' UNION ALL SELECT 'Egret'",
  ],
  [
    'Show the names of ships built before 1990 or after 2010',
    "SELECT 'Plover' UNION ALL SELECT 'Curlew'",
  ],
  [
    'Which flags have both ships with a length above 100 and ships with a length below 100?',
    "SELECT 'red'",
  ],
  ['Which ships called at both Grauwyk and Belmare?', "SELECT 'Heron' UNION ALL SELECT 'Egret'"],
  [
    'Show the names of ships that did not call at Belmare',
    "SELECT 'Plover' UNION ALL SELECT 'Curlew'",
  ],
  ['Show the names of ports without calls', "SELECT 'Tarn'"],
  [
    'What are the highest, lowest and average fee of calls?',
    'SELECT MAX(fee), MIN(fee), AVG(fee) FROM harbour_calls',
  ],
  [
    'Show the highest fee of each ship',
    `SELECT s.ship_name, MAX(c.fee) FROM ${byShip} GROUP BY s.ship_id`,
  ],
  ['Which ship has the highest average fee?', "SELECT 'Egret'"],
  [
    'Show each flag and the number of ships with that flag, sorted by the count in descending order',
    'SELECT flag, COUNT(*) FROM ships GROUP BY flag',
  ],
]

describe('the offline generator at the harbour', () => {
  it.for(questions)('answers "%s"', async ([question, sql]) => {
    const answer = await assistant.ask(question).answer

    expect(answer).toMatchObject({ kind: 'answered' })
    if (answer.kind !== 'answered') return
    expect(sorted(answer.rows)).toEqual(sorted(rowsOf(database, sql)))
  })

  it.for([
    'Which ship has the highest fee per port?',
    'Which captains are not paid?',
    'Show the ships that neither called at Grauwyk nor at Belmare',
    'What share of ships is red?',
  ])('asks back instead of guessing at "%s"', async (question) => {
    expect(await assistant.ask(question).answer).toMatchObject({ kind: 'clarify' })
  })
})
