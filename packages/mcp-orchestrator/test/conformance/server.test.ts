import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { McpHttpServer } from '@t2t/mcp-orchestrator/server'
import { serveFixture } from '../../scripts/conformance/server/fixture-server.ts'
import { tryServer, tryServerAsReleased, type Result } from '../../scripts/conformance/suite.ts'

let server: McpHttpServer

beforeAll(async () => {
  server = await serveFixture()
})
afterAll(() => server.close())

function countOf(results: readonly Result[]) {
  return {
    passed: results.filter(({ isPassed }) => isPassed).length,
    failed: results.filter(({ isPassed }) => !isPassed).map(({ scenario }) => scenario),
  }
}

describe('a server of ./server', () => {
  it('passes the released conformance suite', { timeout: 300_000 }, async () => {
    const results = await tryServerAsReleased(server.url)

    expect(countOf(results)).toEqual({ passed: 30, failed: [] })
  })

  it.each([
    ['2025-11-25', 30],
    ['2026-07-28', 37],
  ] as const)('passes the requirements of %s', { timeout: 300_000 }, async (version, scenarios) => {
    const results = await tryServer(server.url, version)

    expect(countOf(results)).toEqual({ passed: scenarios, failed: [] })
  })
})
