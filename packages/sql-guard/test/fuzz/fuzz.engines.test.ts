import { describe, expect, inject, it } from 'vitest'
import { fuzzMariadb, fuzzPostgres } from './fuzz-engines.ts'

describe('mutated attacks', () => {
  it.skipIf(!inject('reachable').postgres)(
    'give nothing away in PostgreSQL',
    async () => {
      const { broken, ran } = await fuzzPostgres(2026, 3_000)

      expect(broken).toEqual([])
      expect(ran).toBeGreaterThan(50)
    },
    60_000,
  )

  it.skipIf(!inject('reachable').mariadb)(
    'give nothing away in MariaDB',
    async () => {
      const { broken, ran } = await fuzzMariadb(2026, 3_000)

      expect(broken).toEqual([])
      expect(ran).toBeGreaterThan(50)
    },
    60_000,
  )
})
