import { combinePolicies, createSqlGuard, definePolicy, type Policy } from '@t2t/sql-guard'
import { portable, type PortableEngine } from '@t2t/sql-guard/portable'
import { dialectContract } from '@t2t/sql-guard/testing'
import { describe, expect, it } from 'vitest'
import { type Attack, honestTwins, type Place } from '../attacks/attack.ts'
import { hiddenColumns, mariadbAttacks } from '../attacks/mariadb/mariadb.attacks.ts'
import * as mariadb from '../attacks/mariadb/reading.ts'
import { postgresAttacks } from '../attacks/postgres/postgres.attacks.ts'
import * as postgres from '../attacks/postgres/reading.ts'
import * as sqlite from '../attacks/sqlite/reading.ts'
import { hiddenReaders } from '../attacks/sqlite/picked-rows.ts'
import { sqliteAttacks } from '../attacks/sqlite/sqlite.attacks.ts'
import { listPolicy, worldCatalog, worldPolicy } from '../attacks/world.ts'

interface Subject {
  readonly engine: PortableEngine
  readonly schema: string
  readonly attacks: readonly Attack[]
  readonly twins: readonly string[]
  readonly policy: Policy
}

function twinsOf(reading: { places: readonly Place[]; constants: readonly Place[] }) {
  return honestTwins(reading.places, reading.constants)
}

const subjects: readonly Subject[] = [
  {
    engine: 'postgres',
    schema: 'public',
    attacks: postgresAttacks,
    twins: twinsOf(postgres),
    policy: worldPolicy,
  },
  {
    engine: 'sqlite',
    schema: 'main',
    attacks: sqliteAttacks,
    twins: twinsOf(sqlite),
    policy: combinePolicies(worldPolicy, definePolicy({ columns: { block: hiddenReaders } })),
  },
  {
    engine: 'mysql',
    schema: 'attacked',
    attacks: mariadbAttacks,
    twins: twinsOf(mariadb),
    policy: combinePolicies(worldPolicy, definePolicy({ columns: { block: hiddenColumns } })),
  },
]

describe.for(subjects)(
  'the portable dialect for $engine',
  ({ engine, schema, attacks, twins, policy }) => {
    it.for(dialectContract)('$promise', async ({ check }) => {
      await expect(check(portable({ engine }))).resolves.toBeUndefined()
    })

    it('lets no attack through', async () => {
      const catalog = worldCatalog(engine, schema)
      const dialect = portable({ engine, database: schema })
      const [blocking, listing, uninformed] = await Promise.all([
        createSqlGuard({ dialect, policy, catalog }),
        createSqlGuard({ dialect, policy: listPolicy, catalog }),
        createSqlGuard({ dialect, policy }),
      ])
      const through = attacks.filter(({ sql, needsCatalog }) =>
        [blocking, listing, ...(needsCatalog ? [] : [uninformed])].some(
          (guard) => guard.check(sql).kind === 'allowed',
        ),
      )

      expect(attacks.length).toBeGreaterThan(700)
      expect(through).toEqual([])
    })

    it('allows most honest statements', async () => {
      const catalog = worldCatalog(engine, schema)
      const guard = await createSqlGuard({
        dialect: portable({ engine }),
        policy: worldPolicy,
        catalog,
      })
      const allowed = twins.filter((sql) => guard.check(sql).kind === 'allowed')

      expect(allowed.length / twins.length).toBeGreaterThan(0.5)
    })
  },
)

/** Texts that node-sql-parser reads as something else than the engine does. */
const misread: readonly (readonly [PortableEngine, string])[] = [
  ['postgres', String.raw`SELECT '\'; DELETE FROM orders; --'`],
  ['sqlite', String.raw`SELECT '\'; DELETE FROM orders; --'`],
  ['postgres', 'SELECT 1 FROM ONLY secrets'],
  ['postgres', 'SELECT * INTO copy FROM orders'],
  ['postgres', `SELECT U&"s\\0065crets" FROM orders`],
  ['postgres', 'SELECT 1 FROM orders FOR UPDATE'],
  ['postgres', 'SELECT 1 FROM orders o, LATERAL (SELECT o.id) x'],
  ['postgres', `SELECT E'\\'' FROM orders`],
  ['postgres', 'SELECT $$a$$ FROM orders'],
  ['sqlite', 'SELECT 1 FROM orders WHERE id IN secrets'],
  ['sqlite', 'SELECT 1 FROM [secrets]'],
  ['mysql', 'SELECT 1 /*! UNION SELECT value FROM secrets */'],
  ['mysql', 'SELECT 1 FROM orders WHERE id = 1--1 UNION SELECT value FROM secrets'],
  ['mysql', `SELECT 1 INTO OUTFILE '/tmp/a'`],
  ['mysql', 'SELECT @a := 1'],
  ['mysql', 'SELECT 1 || 1'],
  ['mysql', 'SELECT "a"'],
]

describe('texts that the parser misreads', () => {
  it.for(misread)('are refused by the portable dialect for %s: %s', async ([engine, sql]) => {
    const guard = await createSqlGuard({ dialect: portable({ engine }) })

    expect(guard.check(sql).kind).toBe('refused')
  })
})

describe('brackets inside brackets', () => {
  it('are refused before the parser, which takes exponential time for them', async () => {
    const guard = await createSqlGuard({ dialect: portable({ engine: 'postgres' }) })
    const verdict = guard.check(`SELECT ${'('.repeat(40)}1 1${')'.repeat(40)}`)

    expect(verdict).toMatchObject({ findings: [{ code: 'limit-exceeded' }] })
  })
})
