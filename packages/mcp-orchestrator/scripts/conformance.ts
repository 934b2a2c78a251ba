// Runs the official conformance suite against the orchestrator's connections, one scenario after the other and without a network. Run it: npm run conformance -w packages/mcp-orchestrator [-- 2025-11-25]
import { spawnSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const suites = {
  stable: suiteAt(import.meta.resolve('conformance-2025/package.json')),
  next: suiteAt(import.meta.resolve('conformance-2026/package.json')),
}
/** What the stable suite calls the core. */
const core = ['initialize', 'tools_call', 'elicitation-sep1034-client-defaults', 'sse-retry']
const driver = `${process.execPath} --conditions=@t2t/source ${join(import.meta.dirname, 'conformance/driver.ts')}`
const versions = process.argv.length > 2 ? process.argv.slice(2) : ['2025-11-25', '2026-07-28']

function suiteAt(manifest: string): string {
  return join(dirname(fileURLToPath(manifest)), 'dist/index.js')
}

function run(
  suite: string,
  args: readonly string[],
): { readonly ok: boolean; readonly output: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [suite, ...args], {
    encoding: 'utf8',
    timeout: 120_000,
  })
  return { ok: status === 0, output: `${stdout}${stderr}` }
}

/** The scenarios of a frozen set of requirements that are about clients and are scored. */
function scoredFor(version: string): readonly string[] {
  const { output } = run(suites.next, ['list', '--requirements', version])
  const [, listed = ''] = output.split(/^Client scenarios.*$/m)
  const [scored = ''] = listed.split(/^Run and reported/m)
  return [...scored.matchAll(/^\s+- (\S+)/gm)].flatMap(([, name]) => name ?? [])
}

function report(name: string, suite: string, scenarios: readonly string[], version: string): void {
  const failed = scenarios.filter((scenario) => {
    const where = ['--scenario', scenario, '--spec-version', version]
    const { ok } = run(suite, ['client', '--command', driver, ...where])
    process.stdout.write(`${ok ? 'ok    ' : 'failed'} ${name} ${scenario}\n`)
    return !ok
  })
  const passed = scenarios.length - failed.length
  process.stdout.write(`${name}: ${passed} of ${scenarios.length} scenarios\n`)
  if (failed.length > 0 || scenarios.length === 0) process.exitCode = 1
}

report('stable suite, core', suites.stable, core, '2025-11-25')
for (const version of versions) report(version, suites.next, scoredFor(version), version)
