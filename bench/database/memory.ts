// What a result costs that is much larger than its cap.
import { DatabaseSync } from 'node:sqlite'
import { PGlite } from '@electric-sql/pglite'
import type { Engine } from '@t2t/database'
import { pglite } from '@t2t/database/pglite'
import { sqlite } from '@t2t/database/sqlite'
import type { BenchRow } from '../report/bench.ts'
import { readingFrom, servers } from './faults.ts'

const calm = new AbortController().signal
const caps = { maxRows: 10_000, maxBytes: 100_000_000, timeoutMs: 60_000 }
const filler = 'x'.repeat(100)

type Measure = () => Promise<BenchRow>

/** Reads 5 million rows to a cap of 10,000 and looks at the memory meanwhile. */
async function measured(name: string, engine: Engine, sql: string): Promise<BenchRow> {
  await engine.read('SELECT 1', caps, calm)
  globalThis.gc?.()
  const idle = process.memoryUsage().heapUsed
  let peak = idle
  const timer = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().heapUsed)
  }, 1)
  const startedAt = performance.now()
  const { rows, truncated } = await engine.read(sql, caps, calm)
  const tookMs = performance.now() - startedAt
  peak = Math.max(peak, process.memoryUsage().heapUsed)
  clearInterval(timer)
  if (rows.length !== 10_000 || truncated === undefined) throw new Error('The cap did not act.')
  const above = (peak - idle) / 1_048_576
  return {
    id: `memory-5-million-${name}`,
    what: `5 million rows read to a cap of 10,000, heap above idle, ${name}`,
    value: above,
    unit: 'MiB',
    peers: { 'took, ms': tookMs },
    goal: 'holds at most 50 MB above the idle heap',
    met: above * 1.048576 <= 50,
  }
}

async function sqliteMemory(): Promise<BenchRow> {
  const engine = sqlite({ database: new DatabaseSync(':memory:') })
  const sql = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000000)
    SELECT i, '${filler}' AS filler FROM n`
  try {
    return await measured('sqlite', engine, sql)
  } finally {
    await engine.close()
  }
}

/** A join of two short series: PostgreSQL computes one series as a whole before it gives a row. */
async function pgliteMemory(): Promise<BenchRow> {
  const client = await PGlite.create()
  const engine = pglite({ client })
  try {
    const series = (name: string): string => `generate_series(1, 2237) AS ${name}(i)`
    const sql = `SELECT a.i, '${filler}' AS filler FROM ${series('a')}, ${series('b')}`
    return await measured('pglite', engine, sql)
  } finally {
    await engine.close()
  }
}

/** One measurement for each engine that this machine has. */
export const memory: readonly Measure[] = [
  sqliteMemory,
  pgliteMemory,
  ...servers.map(
    (subject) => () =>
      readingFrom(subject, (engine, manyRows) =>
        measured(subject.name, engine, manyRows(5_000_000)),
      ),
  ),
]
