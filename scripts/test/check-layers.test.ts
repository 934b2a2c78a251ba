import { describe, expect, it } from 'vitest'
import { violations } from '../check-layers.ts'

describe('the layer check', () => {
  it('accepts an edge of the table', () => {
    const problems = violations(
      'packages/database/src/engine/engine.ts',
      `import { pipe } from '@t2t/resilience'`,
    )

    expect(problems).toEqual([])
  })

  it.for([
    ['a static import', `import { createDatabase } from '@t2t/database'`],
    ['a type import', `import type { Database } from '@t2t/database'`],
    ['a re-export', `export { createDatabase } from '@t2t/database'`],
    ['a dynamic import', `const database = await import('@t2t/database')`],
    ['an import type', `let database: import('@t2t/database').Database`],
    ['a subpath', `import { sqlite } from '@t2t/database/sqlite'`],
  ] as const)('refuses %s against the direction of the layers', ([, text]) => {
    const problems = violations('packages/sql-guard/src/guard/guard.ts', text)

    expect(problems).toEqual([
      expect.stringMatching(/guard\.ts:1 imports @t2t\/database.*; sql-guard must not know it\./),
    ])
  })

  it('lets an observer import types, and nothing that runs', () => {
    const file = 'packages/metrics/src/observe/sql-guard.ts'

    const types = violations(file, `import type { GuardEvent } from '@t2t/sql-guard'`)
    const values = violations(file, `import { createSqlGuard } from '@t2t/sql-guard'`)

    expect(types).toEqual([])
    expect(values).toHaveLength(1)
  })

  it('refuses to reach into the folder of another package', () => {
    const problems = violations(
      'packages/llm-sql/src/steps/link.ts',
      `import { parse } from '../../../sql-guard/src/dialect/dialect.ts'`,
    )

    expect(problems).toEqual([expect.stringContaining('reaches out of its package')])
  })
})
