/**
 * Measures what one call costs: the best of several rounds, after a warm-up.
 *
 * Synchronous and asynchronous calls are both fine; the loop itself is not subtracted.
 *
 * @returns nanoseconds a call
 */
export async function nanosecondsPerCall(
  call: () => unknown,
  options: { readonly calls?: number; readonly rounds?: number } = {},
): Promise<number> {
  const { calls = 20_000, rounds = 5 } = options
  await round(call, calls)
  let best = Number.POSITIVE_INFINITY
  for (let index = 0; index < rounds; index++) best = Math.min(best, await round(call, calls))
  return best
}

async function round(call: () => unknown, calls: number): Promise<number> {
  const first = call()
  if (first instanceof Promise) {
    await first
    const start = process.hrtime.bigint()
    for (let index = 0; index < calls; index++) await call()
    return Number(process.hrtime.bigint() - start) / calls
  }
  const start = process.hrtime.bigint()
  for (let index = 0; index < calls; index++) call()
  return Number(process.hrtime.bigint() - start) / calls
}

/** Bytes of heap that one object keeps alive. Needs `--expose-gc`, which `npm run bench` sets. */
export function bytesPerObject(create: (index: number) => unknown, count = 5_000): number {
  const collect = globalThis.gc
  if (collect === undefined) throw new Error('Run Node with --expose-gc.')
  const kept: unknown[] = Array.from({ length: count })
  collect()
  const before = process.memoryUsage().heapUsed
  for (let index = 0; index < count; index++) kept[index] = create(index)
  collect()
  const after = process.memoryUsage().heapUsed
  return kept.length === count ? (after - before) / count : Number.NaN
}
