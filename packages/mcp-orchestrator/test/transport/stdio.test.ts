import { createOrchestrator } from '@t2t/mcp-orchestrator'
import { stdio } from '@t2t/mcp-orchestrator/sdk'
import { createFakeClock } from '@t2t/resilience/testing'
import { describe, expect, it } from 'vitest'
import { child, isAlive, script } from '../fixtures/children.ts'
import { patiently } from '../fixtures/patiently.ts'

const calm = new AbortController().signal

async function pidFrom(call: Promise<{ readonly text: string }>): Promise<number> {
  return Number((await call).text)
}

describe('a server process', () => {
  it('that cannot be started is unreachable, with the reason', async () => {
    const connecting = stdio({ command: '/nowhere/server' }).connect(calm)

    await expect(connecting).rejects.toMatchObject({
      kind: 'unreachable',
      message: 'The server process could not be started (ENOENT).',
    })
  })

  it('that ends at once is named with its exit code and its last words, without secrets', async () => {
    const connector = script(
      'console.error("Bad key", process.env.SALES_KEY); console.error("token=abc123"); process.exit(3)',
      { env: { SALES_KEY: 'hunter2' } },
    )
    await using orchestrator = createOrchestrator({
      servers: [{ name: 'sales', priority: 1, connector }],
    })

    const [failure] = await orchestrator.connect()

    expect(failure).toMatchObject({ kind: 'closed', stage: 'connect' })
    expect(failure?.message).toBe(
      'The server process ended with exit code 3; it last said: Bad key [redacted] / token=[redacted]',
    )
  })

  it('that prints something else than messages is named with what it complained about', async () => {
    const connector = script(
      'console.log("Hello"); console.error("wrong port"); setInterval(() => {}, 1e4)',
    )
    const clock = createFakeClock({ advancesItself: false })
    await using orchestrator = createOrchestrator({
      servers: [{ name: 'chatty', priority: 1, connector, timeoutMs: 400 }],
      clock,
    })

    const connecting = orchestrator.connect()
    await expect
      .poll(() => connector.diagnose?.(), patiently)
      .toMatch(/Hello.*wrong port|wrong port.*Hello/)
    await clock.advance(400)
    const [failure] = await connecting

    expect(failure).toMatchObject({ kind: 'timeout' })
    expect(failure?.message).toContain('wrong port')
    expect(failure?.message).toContain('"Hello" is not valid JSON')
  })

  it('gets the variables that it was given, and no others of this process', async () => {
    process.env['T2T_TEST_SECRET'] = 'not for children'
    const connector = child('gossip-server.ts', { env: { GIVEN: 'yes' } })
    const connection = await connector.connect(calm)

    const { structured } = await connection.callTool('environment', {}, calm)
    await connection.close()
    delete process.env['T2T_TEST_SECRET']

    expect(structured).toMatchObject({ GIVEN: 'yes', PATH: expect.any(String) })
    expect(structured).not.toHaveProperty('T2T_TEST_SECRET')
  })

  it('is gone after close, and so is what it started, although both ignore SIGTERM', async () => {
    const connection = await child('gossip-server.ts', { env: { STUBBORN: 'yes' } }).connect(calm)
    const pid = await pidFrom(connection.callTool('pid', {}, calm))
    const grandchild = await pidFrom(connection.callTool('grandchild', {}, calm))
    expect([isAlive(pid), isAlive(grandchild)]).toEqual([true, true])

    await connection.close()

    expect(isAlive(pid)).toBe(false)
    await expect.poll(() => isAlive(grandchild), patiently).toBe(false)
  })

  it('is gone when nobody waits for its connection any more', async () => {
    const controller = new AbortController()
    const reason = new Error('left')
    const connecting = script(
      'process.on("SIGTERM", () => {}); setInterval(() => {}, 1e4)',
    ).connect(controller.signal)
    controller.abort(reason)

    await expect(connecting).rejects.toBe(reason)
  })

  it('that was killed is started again by the next gathering', async () => {
    await using orchestrator = createOrchestrator({
      servers: [{ name: 'gossip', priority: 1, connector: child('gossip-server.ts') }],
    })
    const call = { server: 'gossip', tool: 'pid', input: {} }
    const first = await orchestrator.callTool(call)
    const pid = Number(first.kind === 'result' ? first.text : 0)

    process.kill(pid, 'SIGKILL')
    await expect.poll(() => isAlive(pid), patiently).toBe(false)
    const { items, failures } = await orchestrator.gather()

    expect({ texts: items.map(({ text }) => text), failures }).toEqual({
      texts: ['psst'],
      failures: [],
    })
  })

  it('that sends an endless line is cut off, and started again by the next call', async () => {
    await using orchestrator = createOrchestrator({
      servers: [{ name: 'gossip', priority: 1, connector: child('gossip-server.ts') }],
    })

    const flood = await orchestrator.callTool({ server: 'gossip', tool: 'flood', input: {} })
    const next = await orchestrator.callTool({ server: 'gossip', tool: 'pid', input: {} })

    expect(flood).toMatchObject({
      failure: {
        kind: 'invalid',
        message: 'The server sent a message of more than 4194304 bytes.',
      },
    })
    expect(next).toMatchObject({ kind: 'result' })
  })
})

describe('the description of a server process', () => {
  it('is its command line without secrets', () => {
    const { description } = stdio({
      command: 'npx',
      args: ['server', '--api-key', 'k1', '--token=t1', 'postgres://joe:pw@db/sales?password=x'],
    })

    expect(description).toBe(
      'stdio: npx server --api-key [redacted] --token=[redacted] postgres://[redacted]@db/sales',
    )
  })
})

describe('the options of a server process', () => {
  it.for([
    [{ command: ' ' }, 'command must not be empty.'],
    [{ command: 'x', graceMs: 0 }, 'graceMs must be an integer from 1 to 60000, got 0.'],
  ] as const)('are checked at once: %o', ([options, message]) => {
    expect(() => stdio(options)).toThrow(message)
  })
})
