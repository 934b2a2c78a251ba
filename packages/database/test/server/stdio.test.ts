import { fileURLToPath } from 'node:url'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { expect, it } from 'vitest'
import { hasSqlite } from '../engine/has-sqlite.ts'

it.skipIf(!hasSqlite)(
  'the MCP server serves a parent process over standard streams',
  async () => {
    const client = new Client({ name: 'test', version: '1' })
    const script = fileURLToPath(new URL('stdio-server.ts', import.meta.url))
    await client.connect(
      new StdioClientTransport({
        command: process.execPath,
        args: ['--conditions=@t2t/source', script],
      }),
    )

    const { structuredContent } = await client.callTool({
      name: 'query',
      arguments: { sql: 'SELECT name FROM customers ORDER BY id' },
    })

    await client.close()
    expect(structuredContent).toMatchObject({ rows: [['Ada'], ['Bob']] })
  },
  30_000,
)
