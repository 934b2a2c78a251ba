import { definePolicy, PolicyInvalidError } from '@t2t/sql-guard'
import { describe, expect, it } from 'vitest'

describe('a policy', () => {
  it('fills in everything that is left out', () => {
    const policy = definePolicy()

    expect(policy).toEqual({
      name: 'default',
      tables: { allow: 'all', block: [] },
      columns: { block: [], mask: {}, minGroupSize: {} },
      rows: { filter: {} },
      statements: { explain: 'never' },
      functions: { allow: [], block: [] },
      limits: {
        maxRows: 1000,
        maxTextBytes: 65_536,
        maxDepth: 64,
        maxJoins: 16,
        maxGeneratedRows: 1_000_000,
        generators: 'data',
        maxBuiltBytes: 1_000_000,
        maxCrossJoins: 2,
        recursion: 'bounded',
      },
    })
  })

  it('keeps what is given', () => {
    const policy = definePolicy({ tables: { allow: ['orders'] }, limits: { maxRows: 5 } })

    expect(policy.tables).toEqual({ allow: ['orders'], block: [] })
    expect(policy.limits).toMatchObject({ maxRows: 5, maxJoins: 16 })
  })

  it.for([
    ['a part that does not exist', { tables: { deny: ['orders'] } }, 'tables'],
    ['a column without a table', { columns: { block: ['email'] } }, 'columns.block.0'],
    ['no rows at all', { limits: { maxRows: 0 } }, 'limits.maxRows'],
    ['half a row', { limits: { maxRows: 1.5 } }, 'limits.maxRows'],
  ] as const)('refuses %s and says where', ([, input, path]) => {
    // @ts-expect-error Some of the inputs are wrong for the compiler, too.
    const define = () => definePolicy(input)

    expect(define).toThrow(PolicyInvalidError)
    expect(define).toThrow(path)
  })
})
