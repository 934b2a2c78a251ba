import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js'
import { createDatabase, type Database } from '@t2t/database'
import {
  type BusinessMetadata,
  createDatabaseMcpServer,
  readBusinessMetadata,
} from '@t2t/database/mcp'
import { sqlite } from '@t2t/database/sqlite'
import { definePolicy, type PolicyInput } from '@t2t/sql-guard'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { canaries, openShop } from '../databases/shop.ts'
import { hasSqlite } from '../engine/has-sqlite.ts'

const hiding: PolicyInput = {
  tables: { block: ['salaries'] },
  columns: { block: ['customers.email'] },
}

const business: BusinessMetadata = {
  description: 'A shop.',
  sample_questions: ['Which orders are the largest?'],
  tables: {
    orders: { description: 'One row an order.', columns: { total: 'In cents.' } },
    customers: { columns: { name: 'First name.', email: 'Never shown.' } },
    salaries: { description: 'Never shown.' },
  },
}

describe.skipIf(!hasSqlite)('the MCP server', () => {
  let client: Client
  let opened: Database[]

  beforeEach(() => {
    client = new Client({ name: 'test', version: '1' })
    opened = []
  })

  afterEach(async () => {
    await client.close()
    for (const database of opened) await database.close()
  })

  async function connect(policy: PolicyInput, known?: BusinessMetadata): Promise<void> {
    const engine = sqlite({ database: openShop() })
    const shop = await createDatabase({ name: 'shop', engine, policy: definePolicy(policy) })
    opened.push(shop)
    const [ours, theirs] = InMemoryTransport.createLinkedPair()
    await createDatabaseMcpServer({
      databases: [shop],
      business: known === undefined ? undefined : { shop: known },
    }).connect(theirs)
    await client.connect(ours)
  }

  it('gives plans where the policy permits them', async () => {
    await connect({ ...hiding, statements: { explain: 'plan' } })
    await client.listTools()

    const { structuredContent } = await client.callTool({
      name: 'explain',
      arguments: { sql: 'SELECT total FROM orders WHERE id = 1' },
    })
    const refused = await client.callTool({
      name: 'explain',
      arguments: { sql: 'SELECT email FROM customers' },
    })

    expect(structuredContent).toMatchObject({
      database: 'shop',
      plan: [expect.stringMatching(/orders/)],
    })
    expect(refused.isError).toBe(true)
  })

  it('has no tool for plans where no policy permits them', async () => {
    await connect(hiding)

    const { tools } = await client.listTools()

    expect(tools.map(({ name }) => name)).not.toContain('explain')
  })

  it('stays within the tokens for its tools', async () => {
    await connect({ ...hiding, statements: { explain: 'plan' } })

    const { tools } = await client.listTools()

    expect(JSON.stringify(tools).length / 3).toBeLessThan(1_400)
  })

  it('gives what people know, without what is hidden', async () => {
    await connect(hiding, business)

    const { contents } = await client.readResource({ uri: 'db://shop/business' })

    const [content] = z.array(z.object({ text: z.string() })).parse(contents)
    expect(content?.text).not.toMatch(canaries)
    expect(JSON.parse(content?.text ?? '')).toEqual({
      description: 'A shop.',
      sample_questions: ['Which orders are the largest?'],
      tables: {
        orders: { description: 'One row an order.', columns: { total: 'In cents.' } },
        customers: { columns: { name: 'First name.' } },
      },
    })
  })

  it('knows the database that metadata is about', () => {
    expect(() => createDatabaseMcpServer({ databases: [], business: { shop: business } })).toThrow(
      expect.objectContaining({ code: 'DATABASE_OPTION_INVALID' }),
    )
  })
})

describe.skipIf(!hasSqlite)('a file of business metadata', () => {
  let folder: string

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'business-'))
  })

  afterEach(() => rmSync(folder, { recursive: true }))

  function file(content: string): string {
    const path = join(folder, 'metadata.json')
    writeFileSync(path, content)
    return path
  }

  it('is read', async () => {
    expect(await readBusinessMetadata(file(JSON.stringify(business)))).toEqual(business)
  })

  it.for([
    ['{"sample_questions": [7]}', 'sample_questions.0'],
    ['{"colour": "red"}', 'colour'],
    ['{', 'is not JSON'],
  ] as const)('is not %s', async ([content, fault]) => {
    await expect(readBusinessMetadata(file(content))).rejects.toThrow(fault)
  })

  it('must be there', async () => {
    await expect(readBusinessMetadata(join(folder, 'none.json'))).rejects.toMatchObject({
      code: 'DATABASE_OPTION_INVALID',
    })
  })
})
