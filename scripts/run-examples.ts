// Runs every example; each asserts its own result. Set T2T_FROM=dist to run them on the built packages.
import { spawnSync } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

process.chdir(join(import.meta.dirname, '..'))

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
const isOld = major < 24 || (major === 24 && minor < 10)
/** Sources dispose with `using`, which older Nodes cannot parse; the build has replaced it. */
const conditions = isOld || process.env['T2T_FROM'] === 'dist' ? [] : ['--conditions=@t2t/source']

let failed = 0
for (const file of globSync('examples/*/main.ts').toSorted()) {
  const folder = dirname(file)
  const { engines } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    readonly engines?: { readonly node?: string }
  }
  if (!readFileSync(file, 'utf8').includes('assert')) continue
  if (isOld && engines?.node === '>=24.10') {
    process.stdout.write(`${folder}: left out, needs Node 24.10\n`)
    continue
  }
  const start = performance.now()
  const run = spawnSync(process.execPath, [...conditions, 'main.ts'], {
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
