// Runs the official conformance suites against ./server and against the connections, without a network and without a list of expected failures. Run it: npm run conformance -w packages/mcp-orchestrator
import { serveFixture } from './conformance/server/fixture-server.ts'
import {
  tryClient,
  tryClientAsReleased,
  tryServer,
  tryServerAsReleased,
  type Result,
} from './conformance/suite.ts'

function report(what: string, results: readonly Result[]): void {
  const failed = results.filter(({ isPassed }) => !isPassed)
  const passed = results.length - failed.length
  process.stdout.write(`${what}: ${passed} of ${results.length} scenarios\n`)
  for (const { scenario } of failed) process.stdout.write(`  failed: ${scenario}\n`)
  for (const { scenario, isPassed, isSecondTry } of results) {
    if (isPassed && isSecondTry) process.stdout.write(`  passed at the second try: ${scenario}\n`)
  }
  if (failed.length > 0 || results.length === 0) process.exitCode = 1
}

const server = await serveFixture()
report('released suite, server', await tryServerAsReleased(server.url))
report('2025-11-25, server', await tryServer(server.url, '2025-11-25'))
report('2026-07-28, server', await tryServer(server.url, '2026-07-28'))
await server.close()
report('released suite, client core', await tryClientAsReleased())
report('2025-11-25, client', await tryClient('2025-11-25'))
report('2026-07-28, client', await tryClient('2026-07-28'))
