import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js'
import { createDatabase, type Database, type Engine } from '@t2t/database'
import { createDatabaseMcpServer } from '@t2t/database/mcp'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { z } from 'zod'
import { canaries, shopPolicy } from '../databases/shop.ts'

/** The shop on an engine, and a way to change it past that engine. */
export interface RepairSubject {
  readonly engine: Engine
  run(sql: string): Promise<unknown>
  close(): Promise<void>
}

const errorsSchema = z.object({
  errors: z.tuple(
    [
      z.object({
        class: z.string(),
        message: z.string(),
        subject: z.string().optional(),
        candidates: z.array(z.string()).optional(),
        retryable: z.literal(true).optional(),
      }),
    ],
    z.unknown(),
  ),
})

/** The beginning of a class, and the end of a name. */
const of = (beginning: string): unknown => expect.stringMatching(new RegExp(`^${beginning}`))
const named = (end: string): unknown => expect.stringMatching(new RegExp(`${end}$`))

/** Texts with a mistake that the guard sees, and what a model learns. */
const mistakes: readonly (readonly [sql: string, learned: Readonly<Record<string, unknown>>])[] = [
  [
    'SELECT nme FROM customers',
    { class: of('column-'), subject: named('nme'), candidates: expect.arrayContaining(['name']) },
  ],
  ['SELECT emial FROM customers', { class: of('column-'), subject: named('emial') }],
  [
    'SELECT * FROM custmers',
    {
      class: of('table-'),
      subject: named('custmers'),
      candidates: expect.arrayContaining([named('customers')]),
    },
  ],
  ['SELECT * FROM salarys', { class: of('table-'), subject: named('salarys') }],
  ['SELECT uper(name) FROM customers', { class: of('function-'), subject: named('uper') }],
  ['SELECT name FROM customers; SELECT 1', { class: of('.*statement') }],
  ['SELEC name FROM customers', { class: of('(?:syntax|statement-kind)') }],
]

/** Says that errors of the tools help to repair a text, and name nothing that is hidden. */
export function itHelpsToRepair(open: () => Promise<RepairSubject>): void {
  let subject: RepairSubject
  let database: Database
  const client = new Client({ name: 'test', version: '1' })

  beforeAll(async () => {
    subject = await open()
    database = await createDatabase({ name: 'shop', engine: subject.engine, policy: shopPolicy })
    const [ours, theirs] = InMemoryTransport.createLinkedPair()
    await createDatabaseMcpServer({ databases: [database] }).connect(theirs)
    await client.connect(ours)
  }, 240_000)

  afterAll(async () => {
    await client.close()
    await database.close()
    await subject.close()
  })

  const errorOf = async (sql: string) => {
    const result = await client.callTool({ name: 'query', arguments: { sql } })
    expect(result.isError).toBe(true)
    const [content] = z.array(z.object({ text: z.string() })).parse(result.content)
    const [error] = errorsSchema.parse(JSON.parse(content?.text ?? '')).errors
    const unsaid = JSON.stringify(error).replaceAll(sql, '')
    expect(unsaid).not.toMatch(canaries)
    return error
  }

  it.for(mistakes)('says what is wrong with %s', async ([sql, learned]) => {
    expect(await errorOf(sql)).toMatchObject(learned)
  })

  it('says which name is gone since the catalog was read, and what is like it', async () => {
    await subject.run('ALTER TABLE orders RENAME COLUMN total TO totals')

    const error = await errorOf('SELECT total FROM orders')

    expect(error).toMatchObject({
      class: 'DATABASE_QUERY_FAILED',
      message: expect.stringContaining('total'),
    })
    expect(error.subject).toMatch(/^(?:orders\.)?total$/)
  })
}
