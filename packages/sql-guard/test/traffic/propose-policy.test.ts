import {
  type Catalog,
  createSqlGuard,
  definePolicy,
  OptionInvalidError,
  type PolicyInput,
  type SqlGuard,
} from '@t2t/sql-guard'
import { sqlite } from '@t2t/sql-guard/sqlite'
import { postgres } from '@t2t/sql-guard/postgres'
import { toyCatalog } from '@t2t/sql-guard/testing'
import { type ObservedVerdict, proposePolicy } from '@t2t/sql-guard/traffic'
import { describe, expect, it } from 'vitest'
import { honestTwins } from '../attacks/attack.ts'
import { constants, places } from '../attacks/sqlite/reading.ts'
import { worldCatalog } from '../attacks/world.ts'

const world = worldCatalog('sqlite', 'main')
const catalog: Catalog = {
  ...world,
  tables: [
    ...world.tables,
    {
      schema: 'main',
      name: 'british',
      kind: 'view',
      columns: [{ name: 'id', type: 'integer', isNullable: true }],
      primaryKey: [],
      foreignKeys: [],
      definition: "SELECT id FROM customers WHERE country = 'UK'",
    },
  ],
}

async function guarding(policy?: PolicyInput): Promise<SqlGuard> {
  return createSqlGuard({ dialect: sqlite(), policy: definePolicy(policy), catalog })
}

const permissive = await guarding({ functions: { allow: ['price_of', 'rank_of'] } })

function observing(statements: readonly string[]): readonly ObservedVerdict[] {
  return statements.map((label) => ({ label, verdict: permissive.check(label) }))
}

const statements = [
  ...honestTwins(places, constants),
  'SELECT price_of(total), rank_of(id, 2) FROM orders',
  'SELECT id FROM british',
  'SELECT id FROM british',
]

function allowed(guard: SqlGuard): ReadonlySet<string> {
  return new Set(statements.filter((sql) => guard.check(sql).kind === 'allowed'))
}

describe('a policy out of traffic', () => {
  it('lets through what was asked', async () => {
    const { policy, refused } = await proposePolicy(observing(statements), {
      catalog,
      dialect: sqlite(),
    })

    expect(refused).toEqual([])
    expect(allowed(await guarding(policy)).size).toBe(new Set(statements).size)
  })

  it('holds nothing that was not asked for', async () => {
    const { policy } = await proposePolicy(observing(statements), { catalog, dialect: sqlite() })

    const tables = ['main.british', 'main.customer_emails', 'main.customers', 'main.orders']
    const functions = ['price_of/1', 'rank_of/2']
    expect(policy).toEqual({
      name: 'from traffic',
      tables: { allow: tables },
      columns: {
        block: [
          'main.customers.email',
          'main.customers.email_upper',
          'main.customer_emails.address',
        ],
      },
      functions: { allow: functions },
    })
    const whole = allowed(await guarding(policy)).size
    for (const part of ['tables', 'functions'] as const) {
      for (const left of part === 'tables' ? tables : functions) {
        const all: readonly string[] = part === 'tables' ? tables : functions
        const allow = all.filter((each) => each !== left)
        expect(allowed(await guarding({ ...policy, [part]: { allow } })).size).toBeLessThan(whole)
      }
    }
  })

  it.for([1, 2, 3, 50, 1_000])(
    'says exactly what it refuses, where %i must need a thing',
    async (minUses) => {
      const { policy, rules } = await proposePolicy(observing(statements), {
        catalog,
        dialect: sqlite(),
        minUses,
      })

      const said = new Set(rules.flatMap(({ refuses }) => refuses))
      const through = allowed(await guarding(policy))
      expect([...through].filter((sql) => said.has(sql))).toEqual([])
      expect(statements.filter((sql) => !through.has(sql) && !said.has(sql))).toEqual([])
    },
  )

  it('lets a view in with the columns that decide what it gives', async () => {
    const { policy } = await proposePolicy(observing(['SELECT id FROM british']), {
      catalog,
      dialect: sqlite(),
    })

    expect(policy.tables).toEqual({ allow: ['main.british'] })
    expect((await guarding(policy)).check('SELECT id FROM british').kind).toBe('allowed')
    expect((await guarding(policy)).check('SELECT country FROM customers').kind).toBe('refused')
  })

  it('puts the rules first that refuse most', async () => {
    const { rules } = await proposePolicy(observing(statements), {
      catalog,
      dialect: sqlite(),
      minUses: 1_000,
    })

    expect(rules[0]).toMatchObject({
      part: 'tables',
      subject: 'main.customers',
      decision: 'left out',
    })
  })

  it('names what was refused already', async () => {
    const { refused, policy } = await proposePolicy(observing(['DROP TABLE orders', 'SELECT 1']), {
      catalog,
      dialect: sqlite(),
    })

    expect(refused).toEqual(['DROP TABLE orders'])
    expect(policy.tables).toEqual({ allow: [] })
  })

  it('needs options that can work', async () => {
    const options = { catalog, dialect: sqlite() }

    await expect(proposePolicy([], { ...options, minUses: 0 })).rejects.toThrow(OptionInvalidError)
    await expect(proposePolicy([], { ...options, dialect: postgres() })).rejects.toThrow(
      OptionInvalidError,
    )
    await expect(
      proposePolicy([], { dialect: postgres(), catalog: toyCatalog('postgres') }),
    ).resolves.toMatchObject({ rules: [] })
  })
})
