import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'
import { createOrchestrator, type Connector, type OrchestratorEvent } from '@t2t/mcp-orchestrator'
import { scriptedConnector } from '@t2t/mcp-orchestrator/testing'
import { systemClock, type Clock } from '@t2t/resilience'
import { createFakeClock } from '@t2t/resilience/testing'
import { isAlive } from '../fixtures/children.ts'
import { serve } from '../fixtures/http-server.ts'
import { attacks, hostileLanes } from '../hostile/attacks.ts'
import type { Lane } from './lanes.ts'

/** One fault, what becomes of it, and how to see that. */
export interface FaultRow {
  readonly fault: string
  readonly outcome: string
  /** Where the fault can happen. */
  readonly happensIn: (lane: Lane) => boolean
  readonly check: (lane: Lane) => Promise<void>
}

const isWeb = ({ at }: Lane): boolean => at !== undefined
const isProcess = ({ program }: Lane): boolean => program !== undefined

/** What happens at once takes seconds where everything else happens too; none of it is a deadline. */
const patientMs = 20_000

interface Setting {
  readonly timeoutMs?: number
  readonly clock?: Clock
}

function orchestrate(
  connector: Connector,
  { timeoutMs = patientMs, clock = systemClock }: Setting = {},
) {
  const events: OrchestratorEvent[] = []
  const orchestrator = createOrchestrator({
    servers: [{ name: 'one', priority: 1, connector, timeoutMs }],
    clock,
    onEvent: (event) => events.push(event),
  })
  const call = (tool: string, signal?: AbortSignal) =>
    orchestrator.callTool({ server: 'one', tool, input: {} }, { signal })
  const count = async (tool: string): Promise<number> => {
    const outcome = await call(tool)
    assert.equal(outcome.kind, 'result')
    return outcome.kind === 'result' ? Number(outcome.text) : Number.NaN
  }
  const state = () => orchestrator.getStatus().servers[0]?.state
  return { orchestrator, events, call, count, state }
}

async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + patientMs
  while (!(await isTrue())) {
    assert.ok(Date.now() < end, 'It did not happen.')
    await pause(5)
  }
}

/** The table. `docs/reference/faults.md` is made of it. */
export const faultRows: readonly FaultRow[] = [
  {
    fault: 'The HTTP server is restarted and has forgotten the session',
    outcome:
      'The next call makes a new connection, once for all who wait, and succeeds; over SSE, where nobody can tell whether a tool ran, a tool call under way fails as `closed`',
    happensIn: isWeb,
    check: async (lane) => {
      await using server = await lane.reach({})
      const { orchestrator, call } = orchestrate(server.connector)
      await using _closing = orchestrator
      await orchestrator.connect()
      const stopped = await server.stop()
      await using _second = await stopped.again()
      const early = lane.transport === 'SSE' ? undefined : call('pid')
      assert.deepEqual((await orchestrator.gather()).failures, [])
      assert.equal((await (early ?? call('pid'))).kind, 'result')
    },
  },
  {
    fault: 'The HTTP server is down',
    outcome: 'A failure `unreachable` with the reason, at once; the state is no longer `ready`',
    happensIn: isWeb,
    check: async (lane) => {
      await using server = await lane.reach({})
      const { orchestrator, state } = orchestrate(server.connector)
      await using _closing = orchestrator
      await orchestrator.connect()
      await server.stop()
      const { failures } = await orchestrator.gather()
      assert.deepEqual(
        failures.map(({ kind }) => kind),
        ['unreachable'],
      )
      assert.equal(state(), 'degraded')
    },
  },
  {
    fault: 'The server process is killed',
    outcome: 'It is started again, and the call that needs it succeeds',
    happensIn: isProcess,
    check: async (lane) => {
      await using server = await lane.reach({})
      const { orchestrator, count } = orchestrate(server.connector)
      await using _closing = orchestrator
      const pid = await count('pid')
      process.kill(pid, 'SIGKILL')
      await until(() => !isAlive(pid))
      assert.deepEqual((await orchestrator.gather()).failures, [])
      assert.notEqual(await count('pid'), pid)
    },
  },
  {
    fault: 'The server accepts and never answers',
    outcome: "A failure `timeout` by that server's own deadline",
    happensIn: () => true,
    check: async (lane) => {
      await using server = await lane.reachNothing()
      const clock = createFakeClock({ advancesItself: false })
      const { orchestrator, state } = orchestrate(server.connector, { timeoutMs: 150, clock })
      await using _closing = orchestrator
      const gathering = orchestrator.gather()
      await until(() => state() === 'connecting')
      await clock.advance(150)
      const { failures } = await gathering
      assert.deepEqual(
        failures.map(({ kind, stage, message }) => [kind, stage, message]),
        [['timeout', 'connect', 'There was no answer within 150 ms.']],
      )
    },
  },
  {
    fault: 'The caller aborts',
    outcome: 'The reason is thrown untouched and counts as no failure; the server is told',
    happensIn: () => true,
    check: async (lane) => {
      await using server = await lane.reach({})
      const { orchestrator, call, count, state } = orchestrate(server.connector)
      await using _closing = orchestrator
      const controller = new AbortController()
      const reason = new Error('left')
      const calling = call('silent', controller.signal)
      await until(async () => (await count('started')) === 1)
      controller.abort(reason)
      assert.equal(await calling.catch((error: unknown) => error), reason)
      assert.equal(state(), 'ready')
      await until(async () => (await count('cancelled')) === 1)
    },
  },
  {
    fault: 'The process prints something else than messages',
    outcome: 'A failure `timeout` with what it printed and complained about',
    happensIn: isProcess,
    check: async ({ program }) => {
      const code = 'console.log("Hello"); console.error("wrong port"); setInterval(() => {}, 1e4)'
      assert.ok(program)
      const clock = createFakeClock({ advancesItself: false })
      const connector = program(code)
      const { orchestrator } = orchestrate(connector, { timeoutMs: 400, clock })
      await using _closing = orchestrator
      const connecting = orchestrator.connect()
      await until(() => /(?=.*Hello)(?=.*wrong port)/.test(connector.diagnose?.() ?? ''))
      await clock.advance(400)
      const [failure] = await connecting
      assert.equal(failure?.kind, 'timeout')
      assert.match(failure.message, /Hello/)
      assert.match(failure.message, /wrong port/)
    },
  },
  {
    fault: 'A resource of 64 MiB',
    outcome:
      'Over a wire it is cut off after 4 MiB, a failure `invalid`; in memory its text is cut to `maxItemBytes` and marked',
    happensIn: () => true,
    check: async (lane) => {
      await using server = await lane.reach({ hugeLength: 64 * 1024 * 1024 })
      const { orchestrator, call } = orchestrate(server.connector)
      await using _closing = orchestrator
      const read = await orchestrator.read({ uri: 'faulty://huge', server: 'one' })
      if (lane.transport === 'memory') {
        assert.equal(read.kind, 'items')
        assert.deepEqual(
          read.kind === 'items' && read.items.map(({ bytes, isTruncated }) => [bytes, isTruncated]),
          [[262_144, true]],
        )
      } else {
        assert.equal(read.kind === 'failed' && read.failure.kind, 'invalid')
      }
      assert.equal((await call('pid')).kind, 'result')
    },
  },
  {
    fault: 'A list whose `nextCursor` never ends',
    outcome: 'A failure `invalid` after 64 pages; the server stays usable',
    happensIn: () => true,
    check: async (lane) => {
      await using server = await lane.reach({ isEndless: true })
      const { orchestrator, call } = orchestrate(server.connector)
      await using _closing = orchestrator
      const { items, failures } = await orchestrator.gather()
      assert.deepEqual(
        [items, failures.map(({ kind, stage }) => [kind, stage])],
        [[], [['invalid', 'list']]],
      )
      assert.equal((await call('pid')).kind, 'result')
    },
  },
  {
    fault: 'A command that does not exist',
    outcome:
      'A failure `unreachable`, the state `failed`, and no further attempt for half a minute',
    happensIn: isProcess,
    check: async ({ command }) => {
      assert.ok(command)
      const { orchestrator, events, state } = orchestrate(command('/nowhere/server'))
      await using _closing = orchestrator
      for (let question = 0; question < 10; question++) await orchestrator.gather()
      assert.equal(state(), 'failed')
      assert.equal(events.filter(({ type }) => type === 'server-failed').length, 1)
    },
  },
  {
    fault: 'One of eight servers answers 500',
    outcome: 'The items of the seven others, and one named failure `unreachable`',
    happensIn: isWeb,
    check: async ({ at }) => {
      await using broken = await serve((_, response) => response.writeHead(500).end())
      assert.ok(at)
      const good = Array.from({ length: 7 }, (_, index) => ({
        name: `good-${index}`,
        priority: 2,
        connector: scriptedConnector({ resources: [{ uri: `good://${index}`, text: 'here' }] }),
      }))
      await using orchestrator = createOrchestrator({
        servers: [...good, { name: 'broken', priority: 1, connector: at(broken.url) }],
      })
      const { items, failures } = await orchestrator.gather()
      assert.equal(items.length, 7)
      assert.deepEqual(
        failures.map(({ server, kind }) => [server, kind]),
        [['broken', 'unreachable']],
      )
    },
  },
]

/** The table as a page. */
export function faultPage(all: readonly Lane[]): string {
  const columns = ['memory', 'stdio', 'HTTP', 'HTTP with sessions', 'SSE'] as const
  const cell = ({ happensIn }: FaultRow, transport: string): string => {
    const tried = all.filter((lane) => lane.transport === transport && happensIn(lane))
    return tried.length === 0 ? '' : String(tried.length)
  }
  const head = `| Fault | What you get | ${columns.join(' | ')} |`
  const rule = `| --- | --- |${columns.map(() => ' ---: |').join('')}`
  const rows = faultRows.map(
    (row) =>
      `| ${row.fault} | ${row.outcome} | ${columns.map((column) => cell(row, column)).join(' | ')} |`,
  )
  return `# Faults of MCP servers

What \`@t2t/mcp-orchestrator\` makes of each fault. The numbers say in how many ways it is tried over that transport: with
the adapter \`./sdk\`, with \`./modern\` in the legacy protocol, and with \`./modern\` in the protocol of 2026-07-28, which has
no SSE. Where there is no number, the fault cannot happen.

${[head, rule, ...rows].join('\n')}

## Hostile texts

What a server says about itself and its data may be made to mislead people, models and programs. None of these is fatal;
the numbers say in how many ways each is tried: with \`./sdk\`, and with \`./modern\` in the protocol of 2026-07-28.

${hostileTable()}

Both tables are made from the tests that try them:

\`\`\`sh
npx vitest run --config vitest.workspace.ts --project unit packages/mcp-orchestrator/test/{faults,hostile}
npm run faults -w packages/mcp-orchestrator   # writes this page
\`\`\`
`
}

function hostileTable(): string {
  const columns = ['stdio', 'HTTP'] as const
  const counts = columns.map(
    (column) => Object.values(hostileLanes).filter(({ transport }) => transport === column).length,
  )
  const rows = Object.values(attacks).map(
    (attack) => `| ${attack.charAt(0).toUpperCase()}${attack.slice(1)} | ${counts.join(' | ')} |`,
  )
  const head = `| What comes, and what becomes of it | ${columns.join(' | ')} |`
  return [head, `| --- |${columns.map(() => ' ---: |').join('')}`, ...rows].join('\n')
}
