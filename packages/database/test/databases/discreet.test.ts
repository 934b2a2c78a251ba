import { createDatabase, QueryFailedError, type Engine } from '@t2t/database'
import { sqlite } from '@t2t/database/sqlite'
import { describe, expect, it } from 'vitest'
import { hasSqlite } from '../engine/has-sqlite.ts'
import { openShop, shopPolicy } from './shop.ts'

/** What a caller hears when the engine fails with a message. */
async function heard(message: string, sql = 'SELECT name FROM customers'): Promise<unknown> {
  const engine = sqlite({ database: openShop() })
  const failing: Engine = {
    ...engine,
    read: async () => {
      throw new QueryFailedError(message, { engineCode: '42501', retryable: true })
    },
  }
  const database = await createDatabase({ name: 'shop', engine: failing, policy: shopPolicy })
  const failure = await database.query(sql).catch((error: unknown) => error)
  await database.close()
  return failure
}

describe.skipIf(!hasSqlite)('an error of an engine', () => {
  it.for(['permission denied for table salaries', 'The column "Email" is not there.'])(
    'keeps its code and loses words that name what is hidden: %s',
    async (message) => {
      expect(await heard(message)).toMatchObject({
        code: 'DATABASE_QUERY_FAILED',
        engineCode: '42501',
        retryable: true,
        message: 'The statement failed over something that the policy hides (42501).',
      })
    },
  )

  it.for(['permission denied for table customers', 'There is no column emails.'])(
    'is told where it names nothing hidden: %s',
    async (message) => {
      expect(await heard(message)).toMatchObject({ message })
    },
  )

  it('may repeat what the caller has said', async () => {
    const failure = await heard('There is no email.', 'SELECT name AS email FROM customers')

    expect(failure).toMatchObject({ message: 'There is no email.' })
  })
})
