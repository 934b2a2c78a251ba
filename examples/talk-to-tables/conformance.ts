// Runs the scenarios of the official MCP conformance suites that apply to this server's /mcp, without a network. Run it: npm run conformance -w examples/talk-to-tables
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { startProcess } from './test/fixtures/process.ts'

const suite = join(
  dirname(fileURLToPath(import.meta.resolve('conformance-2026/package.json'))),
  'dist/index.js',
)

/** What the suite requires of a server that has databases, and nothing of the suite's own. */
const applicable: Readonly<Record<'2025-11-25' | '2026-07-28', readonly string[]>> = {
  '2025-11-25': [
    'server-initialize',
    'ping',
    'tools-list',
    'resources-list',
    'server-sse-multiple-streams',
    'dns-rebinding-protection',
    'server-session-lifecycle',
    'server-sse-polling',
  ],
  '2026-07-28': [
    'server-stateless',
    'tools-list',
    'resources-list',
    'server-sse-multiple-streams',
    'sep-2164-resource-not-found',
    'dns-rebinding-protection',
    'caching',
    'input-required-result-missing-input-response',
    'input-required-result-unsupported-methods',
    'input-required-result-ignore-extra-params',
    'input-required-result-validate-input',
    'http-header-validation',
  ],
}

/** Checks of those scenarios that want tools of the suite's own fixture, or prompts, which we have none of. */
const elsewhere =
  /does not list the diagnostic tool 'test_\w+'|prompts\/list returned JSON-RPC error -32601/

const checksOf = z.array(
  z.looseObject({ id: z.string(), status: z.string(), errorMessage: z.string().optional() }),
)

const server = await startProcess({})
const folder = mkdtempSync(join(tmpdir(), 't2t-conformance-'))
try {
  for (const [version, scenarios] of Object.entries(applicable)) {
    await run(['--requirements', version, '-o', join(folder, version)])
    const runs = readdirSync(join(folder, version))
    let [passed, failed, apart] = [0, 0, 0]
    for (const scenario of scenarios) {
      const name = runs.find((each) => each.startsWith(`server-${scenario}-20`))
      if (name === undefined) {
        failed += 1
        process.stdout.write(`  ${scenario}: was not run\n`)
        continue
      }
      const text = readFileSync(join(folder, version, name, 'checks.json'), 'utf8')
      for (const { id, status, errorMessage = '' } of checksOf.parse(JSON.parse(text))) {
        if (status === 'SUCCESS') passed += 1
        else if (status === 'FAILURE' && elsewhere.test(errorMessage)) apart += 1
        else if (status === 'FAILURE') {
          failed += 1
          process.stdout.write(`  ${scenario}, ${id}: ${errorMessage}\n`)
        }
      }
    }
    const others = runs.length - scenarios.length
    process.stdout.write(
      `${version}: ${passed} checks of ${scenarios.length} scenarios hold, ${failed} fail, ${apart} want a fixture; ${others} scenarios are of tools, prompts and tasks that this server has not\n`,
    )
    if (failed > 0 || passed === 0) process.exitCode = 1
  }
} finally {
  server.child.kill('SIGTERM')
  await server.end
  rmSync(folder, { recursive: true })
}

async function run(args: readonly string[]): Promise<void> {
  const url = new URL('/mcp', server.url).href
  const child = spawn(process.execPath, [suite, 'server', '--url', url, ...args], {
    stdio: 'ignore',
    timeout: 300_000,
  })
  await once(child, 'close')
}
