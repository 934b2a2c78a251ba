import { OptionInvalidError, createSqlAssistant } from '@t2t/llm-sql'
import {
  assistantSubject,
  evaluate,
  readOutputs,
  readQuestions,
  recordedSubject,
  type EvaluatedQuestion,
  type EvaluationSubject,
} from '@t2t/llm-sql/evaluate'
import { offlineGenerator } from '@t2t/llm-sql/offline'
import { createSqlGuard, definePolicy } from '@t2t/sql-guard'
import { sqlite } from '@t2t/sql-guard/sqlite'
import { describe, expect, it } from 'vitest'
import { catalogOf, contextOf, openShop, runnerOn, today } from '../support/shop.ts'

const run = runnerOn(openShop())
const runnerFor = () => run
const count = {
  id: 'count',
  db: 'shop',
  question: 'How many orders are there?',
  gold_sql: 'SELECT COUNT(*) FROM orders',
}
const names = {
  id: 'names',
  db: 'shop',
  question: 'Who are the customers?',
  gold_sql: 'SELECT name FROM customers',
}
const love = { id: 'love', db: 'shop', question: 'What is love?', answerable: false }
const lines = (...all: readonly object[]): string =>
  all.map((one) => JSON.stringify(one)).join('\n')

describe('an evaluation', () => {
  it('counts what recorded systems wrote by what the database gives', async () => {
    const questions = [
      count,
      { ...count, id: 'other', gold_sql: 'SELECT 6' },
      { ...count, id: 'broken' },
      { ...count, id: 'left out' },
      { ...count, id: 'bad gold', gold_sql: 'SELECT nothing' },
    ]
    const outputs = readOutputs(
      lines(
        { id: 'count', sql: 'SELECT 7' },
        { id: 'other', sql: 'SELECT 7' },
        { id: 'broken', sql: 'SELEC' },
        { id: 'bad gold', sql: 'SELECT 7' },
      ),
    )

    const report = await evaluate({
      questions,
      runnerFor,
      subject: recordedSubject(outputs, runnerFor),
    })

    expect(report).toMatchObject({
      questions: 4,
      right: 1,
      wrong: 1,
      failed: 2,
      accuracy: 0.25,
      precision: 0.5,
      unscored: ['bad gold'],
    })
  })

  it('asks assistants, and holds a question back to be right where the data has no answer', async () => {
    const assistant = createSqlAssistant({
      context: async () => contextOf(catalogOf(openShop())),
      guard: (catalog) =>
        createSqlGuard({
          dialect: sqlite(),
          policy: definePolicy({ columns: { block: ['customers.name'] } }),
          catalog,
        }),
      run,
      generator: offlineGenerator(),
      today,
    })
    const forbidden = { ...names, question: 'SELECT name FROM customers' }

    const report = await evaluate({
      questions: [count, forbidden, love],
      runnerFor,
      subject: assistantSubject(() => assistant),
    })

    expect(report).toMatchObject({
      right: 1,
      refused: 1,
      asked: 1,
      accuracy: 0.5,
      precision: 1,
      unanswerable: { questions: 1, answered: 0 },
    })
  })

  it('takes any of the accepted queries, with any of the columns in braces', async () => {
    const question = {
      ...names,
      gold_alternatives: ['SELECT {id, upper(name)}, city FROM customers GROUP BY {}, city'],
    }
    const wrote = async (sql: string) => {
      const subject = recordedSubject(new Map([['names', { id: 'names', sql }]]), runnerFor)
      return (await evaluate({ questions: [question], runnerFor, subject })).right
    }

    expect(await wrote('SELECT name FROM customers')).toBe(1)
    expect(await wrote('SELECT city, id FROM customers')).toBe(1)
    expect(await wrote('SELECT upper(name), id, city FROM customers')).toBe(1)
    expect(await wrote('SELECT city FROM customers')).toBe(0)
  })

  it('does not ask again what was answered before', async () => {
    const asked: string[] = []
    const subject: EvaluationSubject = async ({ id }) => {
      asked.push(id)
      return { kind: 'asked', inputTokens: 3, outputTokens: 1, modelCalls: 1 }
    }
    const all: EvaluatedQuestion[] = []
    const questions = [count, names]
    await evaluate({ questions: [count], runnerFor, subject, onResult: (one) => all.push(one) })

    const report = await evaluate({ questions, runnerFor, subject, done: all })

    expect(asked).toEqual(['count', 'names'])
    expect(report).toMatchObject({
      questions: 2,
      asked: 2,
      tokens: { input: 6, output: 2, perQuestion: 4 },
    })
  })

  it('counts what throws as failed, and ends with the reason of the caller', async () => {
    const questions = [count, names]
    const throwing: EvaluationSubject = () => Promise.reject(new Error('secret'))
    const caller = new AbortController()
    const giving: EvaluationSubject = () => {
      caller.abort(new Error('given up'))
      return new Promise(() => {})
    }

    const report = await evaluate({ questions, runnerFor, subject: throwing })
    const ended = evaluate({ questions, runnerFor, subject: giving, signal: caller.signal })

    expect(report).toMatchObject({ failed: 2, accuracy: 0 })
    await expect(ended).rejects.toThrow('given up')
    await expect(
      evaluate({ questions, runnerFor, subject: throwing, concurrency: 0 }),
    ).rejects.toThrow(OptionInvalidError)
  })

  it('asks as many at the same time as it is told', async () => {
    const bothAsked = Promise.withResolvers<undefined>()
    let asked = 0
    const subject: EvaluationSubject = async () => {
      asked += 1
      if (asked === 2) bothAsked.resolve(undefined)
      await bothAsked.promise
      return { kind: 'refused' }
    }

    const report = await evaluate({ questions: [count, names], runnerFor, subject, concurrency: 2 })

    expect(report.refused).toBe(2)
  })
})

describe('a question set', () => {
  it.for([
    ['{"id":', 'set line 1 is not JSON.'],
    ['{"id":"a","db":"b"}', 'set line 1: question is missing'],
    ['{"id":"a","db":"b","question":"c"}', 'set line 1: gold_sql is missing; a question without'],
    [lines(count, count), 'set has two questions with the id of line 2.'],
  ] as const)('says what is wrong with %s', ([text, message]) => {
    expect(() => readQuestions(text, 'set')).toThrow(message)
  })

  it('of outputs asks which system is meant', () => {
    const both = lines({ id: 'a', system: 'x', sql: '' }, { id: 'a', system: 'y', sql: '' })

    expect(() => readOutputs(both)).toThrow('name one of: x, y.')
    expect(() => readOutputs(both, 'z')).toThrow('There are: x, y.')
    expect(readOutputs(both, 'y').get('a')?.system).toBe('y')
  })
})
