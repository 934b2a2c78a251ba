/** One measured figure, beside what others reach in the same run. */
export interface BenchRow {
  /** Stable within the benchmark. */
  readonly id: string
  /** What was measured, in words. */
  readonly what: string
  readonly value: number
  readonly unit: string
  /** The same figure of others, measured in the same run. */
  readonly peers: Readonly<Record<string, number>>
  /** The figure that was promised, word for word; empty when none was. */
  readonly goal: string
  /** Whether the goal was reached; `null` when there is none. */
  readonly met: boolean | null
}

/** What `bench/results/<name>.json` holds. */
export interface BenchResult {
  readonly bench: string
  readonly commit: string
  readonly node: string
  readonly rows: readonly BenchRow[]
}

/** What a benchmark is given. */
export interface BenchContext {
  /** Says on stderr how far the run is. */
  readonly progress: (line: string) => void
}

/** A benchmark: the default export of `bench/<name>.ts`. */
export type Bench = (context: BenchContext) => Promise<readonly BenchRow[]>
