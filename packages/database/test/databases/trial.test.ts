import { createDatabase, type RefreshableDatabase, type TrialDifferedEvent } from '@t2t/database'
import { sqlite } from '@t2t/database/sqlite'
import { combinePolicies, definePolicy, type GuardEvent, type Policy } from '@t2t/sql-guard'
import { describe, expect, it } from 'vitest'
import { hasSqlite } from '../engine/has-sqlite.ts'
import { openShop, shopPolicy } from './shop.ts'

const stricter = combinePolicies(shopPolicy, definePolicy({ columns: { block: ['orders.total'] } }))

async function openTrial(
  policy: Policy,
  onEvent: (event: TrialDifferedEvent) => void,
  options: Partial<Parameters<typeof createDatabase>[0]> = {},
): Promise<RefreshableDatabase> {
  return createDatabase({
    name: 'shop',
    engine: sqlite({ database: openShop() }),
    policy: shopPolicy,
    trial: { policy, onEvent },
    ...options,
  })
}

describe.skipIf(!hasSqlite)('a policy on trial', () => {
  it('refuses nothing, and tells what it would refuse and why', async () => {
    const heard: TrialDifferedEvent[] = []
    const database = await openTrial(stricter, (event) => heard.push(event))

    const outcome = await database.query('SELECT total FROM orders WHERE id = 1')
    await database.query('SELECT id FROM orders')

    await database.close()
    expect(outcome).toMatchObject({ kind: 'rows', result: { rows: [[30]] } })
    expect(heard).toEqual([
      {
        type: 'trial-differed',
        database: 'shop',
        dialect: 'sqlite',
        policy: shopPolicy.name,
        trial: stricter.name,
        difference: 'would-refuse',
        codes: [expect.stringMatching(/column/)],
        subjects: [expect.stringContaining('total')],
      },
    ])
  })

  it('lets nothing through, and tells what it would let through', async () => {
    const heard: TrialDifferedEvent[] = []
    const database = await openTrial(definePolicy({ name: 'open' }), (event) => heard.push(event))

    const outcome = await database.query('SELECT email FROM customers')

    await database.close()
    expect(outcome.kind).toBe('refused')
    expect(heard).toMatchObject([{ difference: 'would-allow', trial: 'open' }])
  })

  it('tells where it would send another text', async () => {
    const heard: TrialDifferedEvent[] = []
    const filtered = definePolicy({ rows: { filter: { orders: 'customer_id = :customer' } } })
    const database = await createDatabase({
      name: 'shop',
      engine: sqlite({ database: openShop() }),
      policy: shopPolicy,
      trial: {
        policy: combinePolicies(shopPolicy, filtered),
        attributes: { customer: 2 },
        onEvent: (event) => heard.push(event),
      },
    })

    const outcome = await database.query('SELECT id FROM orders ORDER BY id')

    await database.close()
    expect(outcome).toMatchObject({ result: { rows: [[1], [2], [3]] } })
    expect(heard).toMatchObject([{ difference: 'would-change', codes: [], subjects: [] }])
  })

  it('changes no outcome, no catalog and no event of the guard in force', async () => {
    const texts = [
      'SELECT * FROM orders',
      'SELECT email FROM customers',
      'SELECT name FROM customers',
    ]
    const seen = async (trial: boolean): Promise<unknown> => {
      const guardEvents: string[] = []
      const onGuardEvent = ({ type, policy }: GuardEvent): void =>
        void guardEvents.push(`${type} ${policy}`)
      const options = trial ? { onGuardEvent } : { onGuardEvent, trial: undefined }
      const database = await openTrial(stricter, () => {}, options)
      const outcomes = []
      for (const sql of texts) {
        const outcome = await database.query(sql)
        const result = outcome.kind === 'rows' ? outcome.result.rows : undefined
        outcomes.push({ verdict: outcome.verdict, result })
      }
      const catalog = await database.catalog()
      await database.close()
      return { outcomes, catalog, guardEvents }
    }

    expect(await seen(true)).toEqual(await seen(false))
  })

  it('disturbs nobody when its listener throws', async () => {
    const database = await openTrial(stricter, () => {
      throw new Error('full')
    })

    const outcome = await database.query('SELECT total FROM orders WHERE id = 1')

    await database.close()
    expect(outcome.kind).toBe('rows')
  })

  it('says nothing about what the database asks by itself', async () => {
    const heard: TrialDifferedEvent[] = []
    const hiding = combinePolicies(
      shopPolicy,
      definePolicy({ columns: { block: ['customers.name'] } }),
    )
    const database = await openTrial(hiding, (event) => heard.push(event), {
      sampleValues: { columns: ['customers.name'] },
    })
    await database.refreshCatalog()

    await database.close()
    expect(heard).toEqual([])
  })

  it('that cannot work fails when the database is created', async () => {
    const lacking = definePolicy({ rows: { filter: { orders: 'customer_id = :customer' } } })

    await expect(openTrial(lacking, () => {})).rejects.toThrow(/customer/)
  })
})
