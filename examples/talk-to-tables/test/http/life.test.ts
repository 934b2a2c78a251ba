import { describe, expect, it } from 'vitest'
import { startProcess } from '../fixtures/process.ts'
import { startModelServer } from '../fixtures/model-server.ts'
import { startServer } from '../fixtures/server.ts'

const question = { query: 'how many stores do we run' }

describe('the end of the server', () => {
  it('lets a request that is under way end, and takes no more', async () => {
    await using model = await startModelServer()
    await using server = await startServer({ environment: model.environment })
    model.script('silence', { text: '```sql\nSELECT count(*) AS n FROM stores\n```' })
    const arrived = model.arrived()
    const running = server.post('/api/chat', question)
    await arrived

    const closed = server.close()
    const refused = await server.get('/health').catch((error: unknown) => error)
    const readiness = await server.application.readiness()
    model.drop()
    const { status, body } = await running
    await closed

    expect(refused).toBeInstanceOf(TypeError)
    expect(readiness.isReady).toBe(false)
    expect(status).toBe(200)
    expect(body).toMatchObject({ success: true, data: { results: { rows: [[12]] } } })
  })

  it('cancels what has not ended within the grace, and its call of the model', async () => {
    await using model = await startModelServer()
    await using server = await startServer({ environment: model.environment, graceMs: 20 })
    model.script('silence')
    const [arrived, left] = [model.arrived(), model.left()]
    const running = server.post('/api/chat', question).catch((error: unknown) => error)
    await arrived

    await server.close()

    expect(await running).toBeInstanceOf(TypeError)
    await expect(left).resolves.toBeUndefined()
  })

  it.for(['SIGTERM', 'SIGINT'] as const)('ends the process with 0 after %s', async (signal) => {
    const { child, end } = await startProcess({})

    child.kill(signal)

    expect(await end).toBe(0)
  })

  it('ends at once after a second signal, whatever is under way', async () => {
    await using model = await startModelServer()
    model.script('silence')
    const { child, end, url } = await startProcess(model.environment)
    const arrived = model.arrived()
    const running = fetch(new URL('/api/chat', url), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(question),
    }).catch((error: unknown) => error)
    await arrived

    child.kill('SIGTERM')
    await refusal(url)
    child.kill('SIGTERM')

    expect(await end).toBe(1)
    expect(await running).toBeInstanceOf(TypeError)
  })
})

/** Ends when the server takes no more connections. */
async function refusal(url: string): Promise<void> {
  for (;;) {
    const response = await fetch(new URL('/api/health/live', url)).catch(() => undefined)
    if (response === undefined) return
    await response.text()
  }
}
