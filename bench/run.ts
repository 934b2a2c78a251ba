// Runs the benchmarks by name: `npm run bench -- hello` or `npm run bench -- all`.
import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { table } from './report/table.ts'
import type { Bench, BenchResult } from './report/bench.ts'

const folder = dirname(fileURLToPath(import.meta.url))
const known = readdirSync(folder)
  .filter((file) => file.endsWith('.ts') && file !== 'run.ts')
  .map((file) => file.slice(0, -'.ts'.length))
  .toSorted()

const asked = process.argv.slice(2)
const names = asked.includes('all') ? known : asked
const unknown = names.filter((name) => !known.includes(name))
if (names.length === 0 || unknown.length > 0) {
  if (unknown.length > 0) process.stderr.write(`No benchmark is called ${unknown.join(', ')}.\n`)
  process.stderr.write(`Usage: npm run bench -- <name>... | all\nNames: ${known.join(', ')}\n`)
  process.exit(2)
}

function commit(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim()
  } catch {
    return 'unknown'
  }
}

for (const name of names) {
  process.stderr.write(`${name}: running\n`)
  const module: { readonly default: Bench } = await import(
    pathToFileURL(join(folder, `${name}.ts`)).href
  )
  const rows = await module.default({
    progress: (line) => process.stderr.write(`${name}: ${line}\n`),
  })
  const result: BenchResult = { bench: name, commit: commit(), node: process.version, rows }
  mkdirSync(join(folder, 'results'), { recursive: true })
  writeFileSync(join(folder, 'results', `${name}.json`), `${JSON.stringify(result, null, 2)}\n`)
  process.stdout.write(`\n## ${name}\n\n${table(rows)}\n`)
}
