// The gate: everything that must hold before a change lands. `npm run check -- types layers` runs some of it,
// `npm run check -- --except tests` all but some.
import { spawnSync } from 'node:child_process'
import { globSync } from 'node:fs'
import { join } from 'node:path'

process.chdir(join(import.meta.dirname, '..'))

type Command = readonly string[]

const packages = globSync('packages/*/package.json')
  .map((file) => file.slice(0, -'/package.json'.length))
  .toSorted()
const paths = ['packages', 'examples', 'bench', 'scripts', 'docs', 'vitest.workspace.ts']

/** In the order in which a mistake is cheapest to learn of. */
const steps: Readonly<Record<string, readonly Command[]>> = {
  format: [['oxfmt', '--check', '.']],
  lint: [['oxlint', '--type-aware', '--deny-warnings', ...paths]],
  layers: [['node', 'scripts/check-layers.ts']],
  types: [
    ['node', 'node_modules/typescript-7/bin/tsc', '--noEmit', '-p', 'tsconfig.json'],
    ['node', 'node_modules/typescript/bin/tsc', '--noEmit', '-p', 'tsconfig.json'],
  ],
  knip: [['knip', '--no-progress']],
  build: [['npm', 'run', '--silent', 'build']],
  publint: packages.map((folder) => ['publint', 'run', folder, '--strict', '--pack', 'npm']),
  attw: packages.map((folder) => [
    'attw',
    '--pack',
    folder,
    '--profile',
    'esm-only',
    '--format',
    'ascii',
    '--quiet',
  ]),
  api: [['node', 'scripts/api-report.ts']],
  size: [['size-limit']],
  tests: [['vitest', 'run', '--config', 'vitest.workspace.ts']],
  snippets: [['node', 'scripts/check-snippets.ts']],
  examples: [['node', 'scripts/run-examples.ts']],
  docs: [['node', 'scripts/docs.ts', 'build']],
}

const [first, ...others] = process.argv.slice(2)
const isExcept = first === '--except'
const asked = isExcept || first === undefined ? others : [first, ...others]
const unknown = asked.filter((name) => !(name in steps))
if (unknown.length > 0) {
  process.stderr.write(
    `No step is called ${unknown.join(', ')}. Steps: ${Object.keys(steps).join(', ')}\n`,
  )
  process.exit(2)
}
const names =
  asked.length > 0 && !isExcept
    ? asked
    : Object.keys(steps).filter((name) => !isExcept || !asked.includes(name))

function run([program = '', ...args]: Command): boolean {
  const result = spawnSync(program, args, {
    encoding: 'utf8',
    env: { ...process.env, FORCE_COLOR: '0' },
    maxBuffer: 1 << 28,
  })
  if (result.status === 0) return true
  process.stdout.write(
    `\n$ ${program} ${args.join(' ')}\n${result.stdout}${result.stderr}${result.error?.message ?? ''}\n`,
  )
  return false
}

const failed: string[] = []
for (const [index, name] of names.entries()) {
  process.stdout.write(`[${index + 1}/${names.length}] ${name} `.padEnd(20, '.'))
  const start = performance.now()
  const isGood = (steps[name] ?? []).map(run).every(Boolean)
  const seconds = ((performance.now() - start) / 1_000).toFixed(1)
  process.stdout.write(isGood ? ` ok, ${seconds} s\n` : `${name}: failed after ${seconds} s\n`)
  if (!isGood) failed.push(name)
}

process.stdout.write(failed.length > 0 ? `\nFailed: ${failed.join(', ')}\n` : '\nAll good.\n')
process.exitCode = failed.length > 0 ? 1 : 0
