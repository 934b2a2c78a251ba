import { expect, it } from 'vitest'
import { configForAnyone } from '../fixtures/keys.ts'
import { startModelServer } from '../fixtures/model-server.ts'
import { startServer } from '../fixtures/server.ts'

const query = 'how many stores'

it('a model that is away fails the question at once, or leaves it to rules, as configured', async () => {
  await using model = await startModelServer()
  const { OPENAI_BASE_URL: url, OPENAI_MODEL: name } = model.environment
  model.script({ status: 401 })
  const away = { base_url: url, name, max_attempts: 1 }
  await using failing = await startServer({ config: configForAnyone({ model: away }) })
  await using falling = await startServer({
    config: configForAnyone({ model: { ...away, when_away: 'offline' } }),
  })
  const [failed, fallen] = await Promise.all(
    [failing, falling].map((server) => server.post('/api/chat', { query })),
  )

  expect(failed).toMatchObject({ status: 502, body: { error: { code: 'model-failed' } } })
  expect(fallen).toMatchObject({ status: 200, body: { data: { results: { rows: [[12]] } } } })
})
