import {
  createSqlAssistant,
  isLlmSqlError,
  modelGenerator,
  withPolicy,
  type ModelRequest,
  type SqlGenerator,
} from '@t2t/llm-sql'
import { openAiModel } from '@t2t/llm-sql/openai'
import {
  circuitBreaker,
  consecutiveFailures,
  pipe,
  retry,
  timeout,
  type Clock,
  type Policy,
} from '@t2t/resilience'
import { createFakeClock } from '@t2t/resilience/testing'
import { createSqlGuard, definePolicy } from '@t2t/sql-guard'
import { sqlite } from '@t2t/sql-guard/sqlite'
import { describe, expect, it } from 'vitest'
import { modelFailures, pageOf } from '../support/model-failures.ts'
import { startModelServer } from '../support/model-server.ts'
import { sectionOf, toolFailures } from '../support/tool-failures.ts'
import { streaming } from '../support/tools.ts'
import { catalogOf, contextOf, openShop, runnerOn, today } from '../support/shop.ts'

const database = openShop()
const catalog = catalogOf(database)
const policy = definePolicy({ columns: { block: ['customers.email'] } })
const policies: Readonly<Record<'retry' | 'circuit', (patience: Clock) => Policy>> = {
  retry: (clock) =>
    pipe(
      retry({ maxAttempts: 2, firstPauseMs: 200, clock: createFakeClock() }),
      timeout({ afterMs: 200, clock }),
    ),
  circuit: () => circuitBreaker({ opensWhen: consecutiveFailures(1) }),
}
const ask: ModelRequest = { messages: [{ role: 'user', content: 'Hello?' }] }
const never = new AbortController().signal

describe.for(modelFailures)('%s', ([, failures]) => {
  it.for(failures)(
    '$situation',
    async ({ script, policy: around, isStreamed = false, error, retryable, answer }) => {
      await using server = await startModelServer(...script)
      const clock = createFakeClock({ advancesItself: false })
      server.onSilence(() => void clock.advance(200))
      const whole = openAiModel({ baseUrl: server.baseUrl, model: 'm', apiKey: 'sk-secret' })
      const plain = isStreamed ? streaming(whole) : whole
      const model = around === undefined ? plain : withPolicy(plain, policies[around](clock))
      if (around === 'circuit') await model.complete(ask, never).catch(() => undefined)
      const generator = modelGenerator({ model })
      let thrown: unknown
      const watched: SqlGenerator = {
        name: generator.name,
        draft: (request, signal) =>
          generator.draft(request, signal).catch((reason: unknown) => {
            thrown = reason
            throw reason
          }),
      }
      const assistant = createSqlAssistant({
        context: async () => contextOf(catalog),
        guard: (known) => createSqlGuard({ dialect: sqlite(), policy, catalog: known }),
        run: runnerOn(database),
        generator: watched,
        today,
      })

      const given = await assistant.ask('How many orders are there?').answer

      expect(given.kind === 'failed' ? `failed: ${given.code}` : given.kind).toBe(answer)
      const known = isLlmSqlError(thrown) ? thrown : undefined
      expect({ error: known?.code, retryable: known?.retryable }).toEqual({ error, retryable })
      expect(thrown).toBe(known)
      expect(JSON.stringify(given)).not.toContain('sk-secret')
      expect(server.requests.length).toBeLessThanOrEqual(4)
      expect(given.kind === 'answered' ? given.rows : [[7]]).toEqual([[7]])
    },
  )
})

describe('the page about failures', () => {
  it('is that of at least forty failures', async () => {
    expect(modelFailures.flatMap(([, failures]) => failures).length).toBeGreaterThanOrEqual(40)
    await expect(`${pageOf(modelFailures)}\n${sectionOf(toolFailures)}`).toMatchFileSnapshot(
      '../../../../docs/reference/model-failures.md',
    )
  })
})
