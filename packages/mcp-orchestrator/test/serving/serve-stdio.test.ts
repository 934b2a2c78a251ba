import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import * as modern from '@t2t/mcp-orchestrator/modern'
import { serveStdio } from '@t2t/mcp-orchestrator/server'
import { connectionContract } from '@t2t/mcp-orchestrator/testing'
import { describe, expect, it } from 'vitest'
import { child } from '../fixtures/children.ts'

const calm = new AbortController().signal

describe('a server over stdio', () => {
  it.each([
    ['the old protocol', 'legacy'],
    ['the new protocol', 'modern'],
  ] as const)('keeps the contract of connections in %s', async (_, protocol) => {
    const connector = child('served-stdio-server.ts', {
      connect: (options) => modern.stdio({ ...options, protocol }),
    })
    const promises = connectionContract.filter(({ promise }) =>
      /lists every tool|reads text|many calls/.test(promise),
    )

    await Promise.all(promises.map(({ check }) => check(connector)))

    expect(promises).toHaveLength(3)
  })

  it.each([
    ['ends its input', ''],
    ['sends a message that is too long', 'x'.repeat(200_000)],
  ])('says that it is over when its client %s', async (_, input) => {
    const server = spawn(process.execPath, [
      '--conditions=@t2t/source',
      join(import.meta.dirname, '../fixtures/served-stdio-server.ts'),
    ])
    const complaints = text(server.stderr)
    if (input === '') server.stdin.end()
    else server.stdin.write(input)

    const [code] = await once(server, 'close')

    server.stdin.destroy()
    expect([code, await complaints]).toEqual([0, 'closed\n'])
  })

  it('answers a message that is too long with the end of the connection', async () => {
    const connection = await child('served-stdio-server.ts').connect(calm)

    const call = connection.callTool('echo', { text: 'x'.repeat(200_000) }, calm)

    await expect(call).rejects.toMatchObject({ kind: 'closed' })
    await connection.close()
  })

  it('refuses a limit that cannot work', () => {
    const serve = () =>
      serveStdio(() => Promise.reject(new Error('not built')), { maxMessageBytes: 1 })

    expect(serve).toThrow('maxMessageBytes must be an integer from 131072 to 67108864, got 1.')
  })
})
