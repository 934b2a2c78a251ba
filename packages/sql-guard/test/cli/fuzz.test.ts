import { combinePolicies, createSqlGuard, definePolicy } from '@t2t/sql-guard'
import { sqlite } from '@t2t/sql-guard/sqlite'
import { toyCatalog } from '@t2t/sql-guard/testing'
import { describe, expect, it } from 'vitest'
import { fuzzTexts } from '../../src/cli/fuzz/texts.ts'
import { openWorlds } from '../../src/cli/fuzz/worlds.ts'
import { worldCatalog } from '../attacks/world.ts'
import { file, run } from './run.ts'

const world = file('world.json', worldCatalog('sqlite', 'main'))
const postgresCatalog = file('postgres.json', toyCatalog('postgres'))
const policies = {
  'blocks and masks':
    'tables: { block: [secrets] }\ncolumns: { block: [customers.email], mask: { customers.name: last-4 } }',
  'reads in groups':
    'columns: { minGroupSize: { customers.id: 4, orders.total: { size: 7, of: id } } }',
  'filters rows': 'rows: { filter: { orders: "customer_id < :limit" } }',
}

describe('t2t-guard fuzz', () => {
  it.for(Object.entries(policies))(
    'gets at nothing behind a policy that %s',
    async ([name, text]) => {
      const { status, stdout } = await run([
        'fuzz',
        '--catalog',
        world,
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

  it('gets at what is hidden where no guard stands in the way', async () => {
    const dialect = sqlite()
    const catalog = worldCatalog('sqlite', 'main')
    const policy = combinePolicies(
      definePolicy({ tables: { block: ['secrets'] }, columns: { block: ['customers.email'] } }),
      definePolicy({ columns: { minGroupSize: { 'orders.total': 4 } } }),
      definePolicy({ rows: { filter: { orders: 'customer_id < 4' } } }),
    )
    const worlds = await openWorlds({ dialect, catalog, policy })
    const guard = await createSqlGuard({ dialect, catalog })
    const answer = (which: 'one' | 'other', sql: string): string | undefined => {
      try {
        return JSON.stringify(worlds[which].prepare(sql).all())
      } catch {
        return undefined
      }
    }

    const texts = [...fuzzTexts(catalog, worlds.hidden, 1, 800)]
    const free = texts.map((sql) => guard.check(sql)).filter(({ kind }) => kind === 'allowed')
    const biting = texts.filter((sql) => answer('one', sql) !== answer('other', sql))

    worlds.one.close()
    worlds.other.close()
    expect(free.length).toBeGreaterThan(300)
    expect(biting.length).toBeGreaterThan(100)
  })

  it('makes the same texts for the same seed', () => {
    const made = (seed: number) => [
      ...fuzzTexts(toyCatalog('sqlite'), [{ table: 'secrets', column: 'value' }], seed, 50),
    ]

    expect(made(3)).toEqual(made(3))
    expect(made(3)).not.toEqual(made(4))
  })

  it.for([
    ['a catalog of another engine', ['--catalog', postgresCatalog]],
    ['no catalog', []],
    ['no texts at all', ['--catalog', world, '--texts', '0']],
  ] as const)('needs more than %s', async ([, args]) => {
    expect(await run(['fuzz', ...args])).toMatchObject({ status: 2, stdout: '' })
  })

  it('says so when there is nothing to get at', async () => {
    const { status, stderr } = await run(['fuzz', '--catalog', world, '--texts', '10'])

    expect({ status, stderr }).toEqual({
      status: 0,
      stderr: 'The policy hides nothing of this catalog; there is nothing to get at.\n',
    })
  })
})
