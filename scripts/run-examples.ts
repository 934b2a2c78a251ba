// Runs every example; each asserts its own result.
import { spawnSync } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

process.chdir(join(import.meta.dirname, '..'))

let failed = 0
for (const file of globSync('examples/*/main.ts').toSorted()) {
  if (!readFileSync(file, 'utf8').includes('assert')) continue
  const folder = dirname(file)
  const start = performance.now()
  const run = spawnSync(process.execPath, ['--conditions=@t2t/source', 'main.ts'], {
    cwd: folder,
    encoding: 'utf8',
    timeout: 60_000,
    env: { ...process.env, NODE_NO_WARNINGS: '1' },
  })
  const seconds = ((performance.now() - start) / 1_000).toFixed(1)
  process.stdout.write(`${folder}: ${run.status === 0 ? 'ok' : 'failed'}, ${seconds} s\n`)
  if (run.status !== 0) {
    failed += 1
    process.stdout.write(`${run.stdout}${run.stderr}\n`)
  }
}
process.exitCode = failed > 0 ? 1 : 0
