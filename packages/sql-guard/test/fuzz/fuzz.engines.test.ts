import { describe, expect, inject, it } from 'vitest'
import { hasMariadb } from './engines/own-mariadb.ts'
import { fuzz } from './fuzz.ts'
import { runEngine } from './supervise.ts'

describe('mutated attacks', () => {
  it.skipIf(!inject('reachable').postgres)(
    'give nothing away in PostgreSQL, and change nothing',
    async () => {
      const { counts, found } = await fuzz({ engine: 'postgres', seed: 2026, from: 0, to: 4_096 })

      expect(found).toEqual([])
      expect(counts.ran).toBeGreaterThan(200)
    },
    300_000,
  )

  it.skipIf(inject('chdb') === '')(
    'give nothing away in ClickHouse, and change nothing',
    async () => {
      const { counts, found } = await fuzz({ engine: 'clickhouse', seed: 2026, from: 0, to: 4_096 })

      expect(found).toEqual([])
      expect(counts.ran).toBeGreaterThan(150)
    },
    300_000,
  )

  it.skipIf(!hasMariadb)(
    'give nothing away in MariaDB, and change nothing, even where they crash it',
    async () => {
      const { counts, found } = await runEngine({
        engine: 'mariadb',
        seed: 2026,
        mutations: 4_096,
        onLine: () => {},
      })

      expect(found).toEqual([])
      expect(counts.ran).toBeGreaterThan(200)
    },
    300_000,
  )
})
