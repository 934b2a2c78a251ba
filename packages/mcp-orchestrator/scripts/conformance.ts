// Runs the official conformance suite against the orchestrator's connections, one scenario after the other and without a network. Run it: npm run conformance -w packages/mcp-orchestrator [-- 2025-11-25]
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

const suite = join(import.meta.dirname, '../../../node_modules/conformance-2026/dist/index.js')
const driver = `${process.execPath} --conditions=@t2t/source ${join(import.meta.dirname, 'conformance/driver.ts')}`
const versions = process.argv.length > 2 ? process.argv.slice(2) : ['2025-11-25', '2026-07-28']

function run(args: readonly string[]): { readonly ok: boolean; readonly output: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [suite, ...args], {
    encoding: 'utf8',
    timeout: 120_000,
  })
  return { ok: status === 0, output: `${stdout}${stderr}` }
}

for (const version of versions) {
  const { output } = run(['list', '--requirements', version])
  const [, listed = ''] = output.split(/^Client scenarios.*$/m)
  const [scored = ''] = listed.split(/^Run and reported/m)
  const scenarios = [...scored.matchAll(/^\s+- (\S+)/gm)].flatMap(([, name]) => name ?? [])
  const failed = scenarios.filter((scenario) => {
    const { ok } = run([
      'client',
      '--command',
      driver,
      '--scenario',
      scenario,
      '--spec-version',
      version,
    ])
    process.stdout.write(`${ok ? 'ok    ' : 'failed'} ${version} ${scenario}\n`)
    return !ok
  })
  const passed = scenarios.length - failed.length
  process.stdout.write(`${version}: ${passed} of ${scenarios.length} scenarios\n`)
  if (failed.length > 0 || scenarios.length === 0) process.exitCode = 1
}
