import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type Counts, type EngineName, type Found, noCounts, sumOf } from './fuzz.ts'

/** What came of one engine's share, so far. */
export interface Progress {
  readonly engine: EngineName
  readonly seed: number
  /** The number of the text to go on with. */
  readonly next: number
  readonly counts: Counts
  readonly found: readonly Found[]
}

export interface RunOptions {
  readonly engine: EngineName
  readonly seed: number
  readonly mutations: number
  /** Whether all guards read with the portable dialect. */
  readonly isPortable?: boolean | undefined
  /** Where the progress is kept, so that another call can go on from it. */
  readonly folder?: string | undefined
  readonly onLine: (line: string) => void
}

/** Texts that are run together; fewer when one of them does not end. */
const batches: readonly number[] = [512, 32, 1]

/** Processes in a row that may fail before a run gives up. */
const maxFailures = 12
let failures = 0

/** A process that says nothing for so long is stuck in a text. */
const patienceMs = 120_000

/** Runs one engine's share in a process of its own, and ends the process when a text does not end. */
export async function runEngine(options: RunOptions): Promise<Progress> {
  const { engine, seed, mutations, folder, onLine } = options
  const file =
    folder === undefined
      ? undefined
      : join(folder, `${engine}${options.isPortable === true ? '-portable' : ''}-${seed}.json`)
  let progress = load(file) ?? { engine, seed, next: 0, counts: noCounts, found: [] }
  const started = performance.now()
  const first = progress.next
  let shown = started
  let level = 0
  while (progress.next < mutations) {
    const batch = batches[level] ?? 1
    const around = batches[level - 1] ?? mutations
    const end = Math.min(progress.next + around, mutations)
    const isStuck = await share({ ...options, from: progress.next, to: end, batch }, (step) => {
      progress = {
        ...progress,
        next: step.next,
        counts: sumOf(progress.counts, step.counts),
        found: [...progress.found, ...step.found],
      }
      save(file, progress)
      for (const { policy, why, shortest } of step.found) {
        onLine(`${engine}: ${why} under "${policy}": ${shortest}`)
      }
      if (performance.now() - shown < 10_000) return
      shown = performance.now()
      onLine(lineOf(progress, mutations, ((progress.next - first) * 1_000) / (shown - started)))
    })
    if (isStuck && batch === 1) {
      progress = {
        ...progress,
        next: progress.next + 1,
        counts: sumOf(progress.counts, { ...noCounts, mutations: 1, stopped: 1 }),
      }
      save(file, progress)
    }
    // The text that does not end is looked for in smaller and smaller batches.
    level = isStuck ? Math.min(level + 1, batches.length - 1) : 0
  }
  return progress
}

interface Step {
  readonly next: number
  readonly counts: Counts
  readonly found: readonly Found[]
}

/** Runs some texts in a process; says whether it had to be ended. */
function share(
  {
    engine,
    seed,
    from,
    to,
    batch,
    isPortable,
  }: RunOptions & { from: number; to: number; batch: number },
  onStep: (step: Step) => void,
): Promise<boolean> {
  const { promise, resolve, reject } = Promise.withResolvers<boolean>()
  const child = spawn(
    process.execPath,
    [
      '--conditions=@t2t/source',
      join(import.meta.dirname, 'processes', 'share.ts'),
      `--engine=${engine}`,
      `--seed=${seed}`,
      `--batch=${batch}`,
      `--from=${from}`,
      `--to=${to}`,
      ...(isPortable === true ? ['--portable'] : []),
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  let isStuck = false
  const end = (): void => {
    isStuck = true
    child.kill()
  }
  let watch = setTimeout(end, patienceMs)
  createInterface({ input: child.stdout }).on('line', (line) => {
    clearTimeout(watch)
    watch = setTimeout(end, patienceMs)
    failures = 0
    onStep(JSON.parse(line))
  })
  child.on('error', reject)
  child.on('close', (code) => {
    clearTimeout(watch)
    // An engine that a text has crashed is as stuck as one that does not end.
    const hasFailed = isStuck || code !== 0
    if (hasFailed && ++failures > maxFailures) {
      reject(new Error(`The process of ${engine} ended with ${code} too often.`))
    } else resolve(hasFailed)
  })
  return promise
}

function lineOf(
  { engine, next, counts, found }: Progress,
  mutations: number,
  rate: number,
): string {
  const share = ((100 * next) / mutations).toFixed(1)
  return `${engine}: ${next} of ${mutations} (${share} %), ${counts.allowed} allowed, ${counts.ran} ran, ${found.length} found, ${Math.round(rate)}/s`
}

function load(file: string | undefined): Progress | undefined {
  if (file === undefined) return undefined
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}

function save(file: string | undefined, progress: Progress): void {
  if (file === undefined) return
  mkdirSync(join(file, '..'), { recursive: true })
  writeFileSync(file, JSON.stringify(progress, null, 1))
}
