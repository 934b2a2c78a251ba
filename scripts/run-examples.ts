// Runs every example, from source and on the built packages; each asserts its own result.
import { spawnSync } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

process.chdir(join(import.meta.dirname, '..'))

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
const isOld = major < 24 || (major === 24 && minor < 10)
// Sources dispose with `using`, which older Nodes cannot parse; the build has replaced it.
const ways = isOld ? ['built'] : ['source', 'built']

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
  for (const way of ways) {
    const start = performance.now()
    const conditions = way === 'source' ? ['--conditions=@t2t/source'] : []
    const run = spawnSync(process.execPath, [...conditions, 'main.ts'], {
      cwd: folder,
      encoding: 'utf8',
      timeout: 60_000,
      env: { ...process.env, NODE_NO_WARNINGS: '1' },
    })
    const seconds = ((performance.now() - start) / 1_000).toFixed(1)
    const isGood = run.status === 0
    process.stdout.write(`${folder}, ${way}: ${isGood ? 'ok' : 'failed'}, ${seconds} s\n`)
    if (isGood) continue
    failed += 1
    process.stdout.write(`${run.stdout}${run.stderr}\n`)
  }
}
process.exitCode = failed > 0 ? 1 : 0
