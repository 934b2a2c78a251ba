import { DatabaseSync } from 'node:sqlite'
import { createDatabase } from '@t2t/database'
import { sqlite as sqliteEngine } from '@t2t/database/sqlite'
import { createSqlAssistant, modelGenerator } from '@t2t/llm-sql'
import { scriptedModel } from '@t2t/llm-sql/testing'
import { createOrchestrator } from '@t2t/mcp-orchestrator'
import { scriptedConnector } from '@t2t/mcp-orchestrator/testing'
import { createMeter, metricsReport, type MemoryMeter } from '@t2t/metrics'
import { observeDatabase } from '@t2t/metrics/database'
import { observeLlmSql } from '@t2t/metrics/llm-sql'
import { observeMcpOrchestrator } from '@t2t/metrics/mcp-orchestrator'
import { observeResilience } from '@t2t/metrics/resilience'
import { observeSqlGuard } from '@t2t/metrics/sql-guard'
import { retry } from '@t2t/resilience'
import { createFakeClock as createPolicyClock } from '@t2t/resilience/testing'
import { createSqlGuard, definePolicy } from '@t2t/sql-guard'
import { sqlite } from '@t2t/sql-guard/sqlite'
import { toyCatalog, toySchema } from '@t2t/sql-guard/testing'
import { afterEach, describe, expect, it, vi } from 'vitest'

/** A time that goes on by one millisecond each time somebody looks at it. */
function createTickingClock() {
  let time = 0
  return { now: () => ++time, stop: (durationMs: number) => void (time += durationMs) }
}
type TickingClock = ReturnType<typeof createTickingClock>

type Listener = (event: unknown) => unknown

interface Observed {
  readonly who: string
  /** Makes the calls, whose events go to an observer of the meter and then to a listener. */
  readonly calls: (meter: MemoryMeter, listener: Listener, clock: TickingClock) => Promise<unknown>
}

/** Tells the observer first, and then the listener. */
function both<Event>(observe: (event: Event) => void, listener: Listener) {
  return (event: Event): unknown => {
    observe(event)
    return listener(event)
  }
}

const catalog = toyCatalog('sqlite')
const texts = ['SELECT id FROM orders', 'DROP TABLE orders', 'SELECT * FROM customers']

const observed: readonly Observed[] = [
  {
    who: 'a guard',
    async calls(meter, listener, { now }) {
      const onEvent = both(observeSqlGuard(meter), listener)
      const guard = await createSqlGuard({ dialect: sqlite(), catalog, now, onEvent })
      return texts.map((text) => guard.check(text))
    },
  },
  {
    who: 'a database',
    async calls(meter, listener, { now }) {
      const database = new DatabaseSync(':memory:')
      database.exec(toySchema)
      const shop = await createDatabase({
        name: 'shop',
        engine: sqliteEngine({ database }),
        policy: definePolicy(),
        now,
        onEvent: both(observeDatabase(meter), listener),
      })
      const outcomes = []
      for (const text of texts) outcomes.push(await shop.query(text))
      await shop.close()
      return outcomes
    },
  },
  {
    who: 'an orchestrator',
    async calls(meter, listener, { now }) {
      const clock = { ...createPolicyClock(), now }
      const connector = scriptedConnector({
        resources: [{ uri: 'docs://a', text: 'A' }],
        tools: [{ name: 'search', answer: () => ({ text: 'found', isError: false }) }],
      })
      await using orchestrator = createOrchestrator({
        servers: [{ name: 'docs', priority: 1, connector }],
        clock,
        onEvent: both(observeMcpOrchestrator(meter), listener),
      })
      await orchestrator.connect()
      const { items, failures } = await orchestrator.gather()
      return [
        items,
        failures,
        await orchestrator.callTool({ server: 'docs', tool: 'search', input: {} }),
      ]
    },
  },
  {
    who: 'an assistant',
    async calls(meter, listener) {
      const assistant = createSqlAssistant({
        context: async () => ({ catalog, metadata: [], sources: [], missing: [] }),
        guard: (known) => createSqlGuard({ dialect: sqlite(), catalog: known }),
        run: async () => ({ kind: 'rows', columns: ['n'], rows: [[3]], isTruncated: false }),
        generator: modelGenerator({
          model: scriptedModel(['SELECT nothing FROM nowhere', 'SELECT count(*) AS n FROM orders']),
        }),
        onEvent: both(observeLlmSql(meter), listener),
      })
      return assistant.ask('How many orders?').answer
    },
  },
  {
    who: 'a policy',
    async calls(meter, listener, { now }) {
      const clock = { ...createPolicyClock(), now }
      const onEvent = both(observeResilience(meter), listener)
      const patiently = retry({ maxAttempts: 3, clock, random: () => 0.5, onEvent })
      let calls = 0
      const value = await patiently(async () => {
        calls += 1
        if (calls < 3) throw Object.assign(new Error('Busy.'), { retryable: true })
        return 42
      })({ signal: new AbortController().signal })
      return { value, calls }
    },
  },
]

const bad = {
  'that throws': () => () => {
    throw new Error('The listener is broken.')
  },
  'that takes for ever': () => () => new Promise(() => {}),
  'that blocks for a second':
    ({ stop }: TickingClock) =>
    () =>
      stop(1_000),
} as const

describe('a listener', () => {
  afterEach(() => vi.restoreAllMocks())

  async function run({ calls }: Observed, listen: (clock: TickingClock) => Listener) {
    const clock = createTickingClock()
    vi.spyOn(performance, 'now').mockImplementation(clock.now)
    const meter = createMeter()
    const outcome = await calls(meter, listen(clock), clock)
    const { metrics } = metricsReport(meter)
    vi.restoreAllMocks()
    return { outcome, metrics }
  }

  for (const [which, listen] of Object.entries(bad)) {
    it.for(observed)(`${which} changes no outcome of $who`, async (subject) => {
      const undisturbed = await run(subject, () => () => undefined)

      const disturbed = await run(subject, listen)

      expect(disturbed.outcome).toEqual(undisturbed.outcome)
    })

    // An assistant tells while it works: who blocks its thread takes part in the time of a question.
    const isTimed = ({ who }: Observed): boolean =>
      who !== 'an assistant' || !which.includes('block')
    it.for(observed.filter(isTimed))(`${which} changes no percentile of $who`, async (subject) => {
      const undisturbed = await run(subject, () => () => undefined)

      const disturbed = await run(subject, listen)

      expect(disturbed.metrics).toEqual(undisturbed.metrics)
      expect(undisturbed.metrics.some(({ series }) => series.length > 0)).toBe(true)
    })
  }
})
