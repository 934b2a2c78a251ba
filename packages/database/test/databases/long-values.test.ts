import { DatabaseSync } from 'node:sqlite'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js'
import { createDatabase, type DatabaseEvent, type ReadCaps, type ReadResult } from '@t2t/database'
import { createDatabaseMcpServer } from '@t2t/database/mcp'
import { sqlite } from '@t2t/database/sqlite'
import { definePolicy } from '@t2t/sql-guard'
import { describe, expect, it } from 'vitest'
import { hasSqlite } from '../engine/has-sqlite.ts'

const calm = new AbortController().signal

async function readCut(sql: string, maxCellBytes: number): Promise<ReadResult> {
  const engine = sqlite({ database: new DatabaseSync(':memory:') })
  const caps = { maxRows: 10, maxBytes: 10_000, timeoutMs: 10_000, maxCellBytes }
  const result = await engine.read(sql, caps, calm)
  await engine.close()
  return result
}

function library(options: {
  caps?: Partial<ReadCaps>
  onEvent?: (event: DatabaseEvent) => void
}): ReturnType<typeof createDatabase> {
  const database = new DatabaseSync(':memory:')
  database.exec('CREATE TABLE books (id INTEGER PRIMARY KEY, content TEXT)')
  const add = database.prepare('INSERT INTO books VALUES (?, ?)')
  add.run(1, 'x'.repeat(70_000))
  add.run(2, 'short')
  return createDatabase({
    name: 'library',
    engine: sqlite({ database }),
    policy: definePolicy(),
    ...options,
  })
}

describe.skipIf(!hasSqlite)('a long value', () => {
  it.for([
    ["'abcdef'", 6, 'abcdef'],
    ["'abcdefg'", 6, 'abc…'],
    ["'ééééé'", 9, 'ééé…'],
    ["'ééééé'", 8, 'éé…'],
    ["'ab🙂🙂'", 9, 'ab🙂…'],
    ["'ab🙂🙂'", 8, 'ab…'],
    ["'🙂🙂'", 4, '…'],
    ["'12345678901234567890'", 10, '1234567…'],
    ["x'000102030405060708'", 11, 'AAECAwQF…'],
  ] as const)('%s within %i bytes is given as %s', async ([literal, maxCellBytes, expected]) => {
    const { rows, cutCells } = await readCut(`SELECT 1, ${literal}`, maxCellBytes)

    expect(rows).toEqual([[1, expected]])
    expect(cutCells !== undefined).toBe(expected.endsWith('…'))
  })

  it('counts towards the byte cap as what is left of it', async () => {
    const { rows, truncated, cutCells } = await readCut(
      `SELECT '${'x'.repeat(9_000)}', 2 UNION ALL SELECT '${'y'.repeat(9_000)}', 3`,
      100,
    )

    expect(rows).toEqual([
      [`${'x'.repeat(97)}…`, 2],
      [`${'y'.repeat(97)}…`, 3],
    ])
    expect([truncated, cutCells]).toEqual([undefined, { count: 2, limit: 100, columns: [0] }])
  })

  it('is shortened to 64 KiB unless the caps say otherwise, and events say so', async () => {
    const events: DatabaseEvent[] = []
    const database = await library({ onEvent: (event) => events.push(event) })

    const outcome = await database.query('SELECT id, content FROM books ORDER BY id')
    await database.close()

    const result = outcome.kind === 'rows' ? outcome.result : undefined
    expect(result?.rows.map(([, content]) => String(content).length)).toEqual([65_534, 5])
    expect(result?.cutCells).toEqual({ count: 1, limit: 65_536, columns: [1] })
    expect(events).toContainEqual(
      expect.objectContaining({ type: 'query-finished', rows: 2, isTruncated: true }),
    )
  })

  it('is told to whoever asks over MCP', async () => {
    const database = await library({ caps: { maxCellBytes: 10 } })
    const [ours, theirs] = InMemoryTransport.createLinkedPair()
    await createDatabaseMcpServer({ databases: [database] }).connect(theirs)
    const client = new Client({ name: 'test', version: '1' })
    await client.connect(ours)
    await client.listTools()

    const { structuredContent } = await client.callTool({
      name: 'query',
      arguments: { sql: 'SELECT content FROM books ORDER BY id' },
    })
    await client.close()
    await database.close()

    expect(structuredContent).toMatchObject({
      rows: [['xxxxxxx…'], ['short']],
      truncated: false,
      cut_cells: { count: 1, limit: 10, columns: [0] },
    })
  })

  it('cannot be cut to nothing', async () => {
    await expect(library({ caps: { maxCellBytes: 3 } })).rejects.toMatchObject({
      code: 'DATABASE_OPTION_INVALID',
    })
  })
})
