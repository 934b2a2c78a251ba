import { combinePolicies, createSqlGuard, definePolicy } from '@t2t/sql-guard'
import { postgres } from '@t2t/sql-guard/postgres'
import { sqlite } from '@t2t/sql-guard/sqlite'
import { toyCatalog } from '@t2t/sql-guard/testing'
import { describe, expect, it } from 'vitest'
import { type EmbeddedEngine, embeddedEngines } from '../../src/cli/fuzz/engine.ts'
import { fuzzTexts } from '../../src/cli/fuzz/texts.ts'
import { openWorlds } from '../../src/cli/fuzz/worlds.ts'
import { worldCatalog } from '../attacks/world.ts'
import { file, run } from './run.ts'

const worlds = {
  sqlite: file('world.json', worldCatalog('sqlite', 'main')),
  postgres: file('postgres-world.json', worldCatalog('postgres', 'public')),
}
const mysqlCatalog = file('mysql.json', toyCatalog('mysql'))
const engines = [
  { dialect: sqlite(), catalog: worldCatalog('sqlite', 'main') },
  { dialect: postgres(), catalog: worldCatalog('postgres', 'public') },
]

function engineOf(name: string): EmbeddedEngine {
  const engine = embeddedEngines[name]
  if (engine === undefined) throw new Error(`Nothing embeds ${name}.`)
  return engine
}

const policies = {
  'blocks and masks':
    'tables: { block: [secrets] }\ncolumns: { block: [customers.email], mask: { customers.name: last-4 } }',
  'reads in groups':
    'columns: { minGroupSize: { customers.id: 4, orders.total: { size: 7, of: id } } }',
  'filters rows': 'rows: { filter: { orders: "customer_id < :limit" } }',
}

describe('t2t-guard fuzz', () => {
  const cases = Object.entries(worlds).flatMap(([engine, catalog]) =>
    Object.entries(policies).map(([name, text]) => ({ engine, catalog, name, text })),
  )

  it.for(cases)(
    'gets at nothing behind a policy that $name, in $engine',
    { timeout: 120_000 },
    async ({ catalog, name, text }) => {
      const { status, stdout } = await run([
        'fuzz',
        '--catalog',
        catalog,
        '--policy',
        file(`${name}.yaml`, text),
        '--json',
        '--attribute',
        'limit=4',
        '--texts',
        '600',
      ])

      const result: unknown = JSON.parse(stdout)
      expect({ status, result }).toMatchObject({ status: 0, result: { texts: 600, leaks: 0 } })
      expect(result).toHaveProperty('ran', expect.any(Number))
    },
  )

  it.for(engines)(
    'gets at what is hidden where no guard stands in the way: $dialect.name',
    {
      timeout: 120_000,
    },
    async ({ dialect, catalog }) => {
      const engine = engineOf(dialect.name)
      const policy = combinePolicies(
        definePolicy({ tables: { block: ['secrets'] }, columns: { block: ['customers.email'] } }),
        definePolicy({ columns: { minGroupSize: { 'orders.total': 4 } } }),
        definePolicy({ rows: { filter: { orders: 'customer_id < 4' } } }),
      )
      const { one, other, hidden } = await openWorlds({ dialect, catalog, policy, engine })
      const guard = await createSqlGuard({ dialect, catalog })

      const texts = [...fuzzTexts(catalog, hidden, engine, 1, 800)]
      const free = texts.map((sql) => guard.check(sql)).filter(({ kind }) => kind === 'allowed')
      let biting = 0
      for (const sql of texts) {
        const [mine, theirs] = [await one.answer(sql), await other.answer(sql)]
        if (mine !== undefined && theirs !== undefined && mine !== theirs) biting++
      }

      await one.close()
      await other.close()
      expect(free.length).toBeGreaterThan(300)
      expect(biting).toBeGreaterThan(100)
    },
  )

  it('makes the same texts for the same seed', () => {
    const made = (seed: number) => [
      ...fuzzTexts(
        toyCatalog('sqlite'),
        [{ table: 'secrets', column: 'value' }],
        engineOf('sqlite'),
        seed,
        50,
      ),
    ]

    expect(made(3)).toEqual(made(3))
    expect(made(3)).not.toEqual(made(4))
  })

  it.for([
    ['a catalog of another engine', ['--catalog', mysqlCatalog]],
    ['no catalog', []],
    ['no texts at all', ['--catalog', worlds.sqlite, '--texts', '0']],
  ] as const)('needs more than %s', async ([, args]) => {
    expect(await run(['fuzz', ...args])).toMatchObject({ status: 2, stdout: '' })
  })

  it('says so when there is nothing to get at', async () => {
    const { status, stderr } = await run(['fuzz', '--catalog', worlds.sqlite, '--texts', '10'])

    expect({ status, stderr }).toEqual({
      status: 0,
      stderr: 'The policy hides nothing of this catalog; there is nothing to get at.\n',
    })
  })
})
