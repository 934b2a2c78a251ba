import { createSqlAssistant, modelGenerator, type SqlAssistantOptions } from '@t2t/llm-sql'
import { mcpContext, mcpRunner } from '@t2t/llm-sql/mcp'
import { offlineGenerator } from '@t2t/llm-sql/offline'
import { openAiModel } from '@t2t/llm-sql/openai'
import { createOrchestrator, type OrchestratorMode } from '@t2t/mcp-orchestrator'
import { scriptedConnector } from '@t2t/mcp-orchestrator/testing'
import { createSqlGuard, definePolicy } from '@t2t/sql-guard'
import { sqlite } from '@t2t/sql-guard/sqlite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startModelServer } from '../support/model-server.ts'
import { openAiReplies } from '../support/replies.ts'
import { catalogOf, openShop, runnerOn, shopMetadata, today } from '../support/shop.ts'

const database = openShop()
database.exec(`CREATE TABLE ledger (id integer PRIMARY KEY, note text);
  INSERT INTO ledger VALUES (1, 'opened'), (2, 'closed')`)
const catalog = catalogOf(database)
const read = runnerOn(database)
const policy = definePolicy()
const metadata = {
  ...shopMetadata.metadata,
  translations: [
    ...(shopMetadata.metadata.translations ?? []),
    { term: 'progress', expression: 'orders.status' },
  ],
}

/** A server with the database, and one with what people say about it. */
function servers(mode: OrchestratorMode = 'multi') {
  const shop = scriptedConnector({
    resources: [
      {
        uri: 'shop://catalog',
        mimeType: 'application/vnd.t2t.catalog+json',
        text: JSON.stringify(catalog),
      },
    ],
    tools: [
      {
        name: 'query',
        answer: async ({ sql }) => {
          const run = await read(String(sql), new AbortController().signal)
          return run.kind === 'failed'
            ? { isError: true, text: run.message }
            : { isError: false, text: '', structured: { columns: run.columns, rows: run.rows } }
        },
      },
    ],
  })
  const words = scriptedConnector({
    resources: [
      {
        uri: 'words://all',
        mimeType: 'application/vnd.t2t.metadata+json',
        text: JSON.stringify(metadata),
      },
    ],
  })
  const orchestrator = createOrchestrator({
    mode,
    primary: 'shop',
    servers: [
      { name: 'shop', connector: shop, priority: 10 },
      { name: 'words', connector: words, priority: 1 },
    ],
  })
  return { shop, words, orchestrator }
}

type Servers = ReturnType<typeof servers>

function ask(
  question: string,
  { orchestrator }: Pick<Servers, 'orchestrator'>,
  options: Pick<SqlAssistantOptions, 'generator'> & Partial<SqlAssistantOptions>,
) {
  const assistant = createSqlAssistant({
    context: mcpContext(orchestrator),
    guard: (known) => createSqlGuard({ dialect: sqlite(), policy, catalog: known }),
    run: mcpRunner(orchestrator, { server: 'shop' }),
    today,
    ...options,
  })
  return assistant.ask(question).answer
}

const money = 'SUM(order_lines.quantity * order_lines.unit_price)'
const lines = 'order_lines JOIN orders ON orders.id = order_lines.order_id'

/**
 * Writes what a model would: it knows no word of the shop but those that its prompt explains, and
 * mistypes `FROM` when it is asked about the ledger.
 */
function writeSql(prompt: string): string {
  const [, question = ''] = /<question [^>]*>\n(.*)\n/.exec(prompt) ?? []
  const [, start, end] = /from (\d{4}-\d\d-\d\d), before (\d{4}-\d\d-\d\d)/.exec(prompt) ?? []
  const knows = (text: string): boolean => prompt.includes(text)
  if (/ledger/i.test(question)) return 'SELECT * FORM ledger'
  if (/sales/i.test(question)) {
    if (!knows(`means ${money}`)) return 'ASK: What are sales?'
    const conditions = [
      ...(start === undefined ? [] : [`ordered_at >= '${start}' AND ordered_at < '${end}'`]),
      ...(/abracadabra/i.test(question) && knows('means products.id = 123')
        ? ['product_id = 123']
        : []),
    ]
    const where = conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`
    return `SELECT ${money} FROM ${lines}${where}`
  }
  if (/progress/i.test(question))
    return knows('"progress" means orders.status')
      ? 'SELECT status, COUNT(*) FROM orders GROUP BY status'
      : 'ASK: What is progress?'
  return 'SELECT COUNT(*) FROM orders'
}

let model: Awaited<ReturnType<typeof startModelServer>>
beforeAll(async () => {
  model = await startModelServer((body) => {
    const prompt = (JSON.parse(body) as { messages: { content: string }[] }).messages
      .map(({ content }) => content)
      .join('\n')
    return { body: openAiReplies.whole(writeSql(prompt)) }
  })
})
afterAll(() => model[Symbol.asyncDispose]())

const generators = [
  ['the offline generator', () => offlineGenerator()],
  [
    'a model over HTTP',
    () => modelGenerator({ model: openAiModel({ baseUrl: model.baseUrl, model: 'm' }) }),
  ],
] as const

describe.for(generators)('with %s, a question', ([, generator]) => {
  it('about "abracadabra" is about product 123', async () => {
    const answer = await ask('Show me total sales for abracadabra this month', servers(), {
      generator: generator(),
    })

    expect(answer).toMatchObject({ kind: 'answered', rows: [[115]], missing: [] })
    expect(answer.kind === 'answered' && answer.sql).toContain('123')
    expect(answer.entities).toContainEqual(
      expect.objectContaining({
        term: 'abracadabra',
        meaning: 'products.id = 123',
        source: { name: 'words', uri: 'words://all', priority: 1 },
      }),
    )
  })

  it('in words of the house means the column that they stand for', async () => {
    const answer = await ask('How many orders per progress?', servers(), {
      generator: generator(),
    })

    expect(answer).toMatchObject({ kind: 'answered' })
    expect(answer.kind === 'answered' && new Map(answer.rows.map(([a, b]) => [a, b]))).toEqual(
      new Map([
        ['cancelled', 1],
        ['paid', 5],
        ['shipped', 1],
      ]),
    )
  })

  it('about this month means the whole calendar month', async () => {
    const answer = await ask('sales this month', servers(), { generator: generator() })

    const expected = await read(
      `SELECT ${money} FROM ${lines} WHERE ordered_at >= '2024-05-01' AND ordered_at < '2024-06-01'`,
      new AbortController().signal,
    )
    expect(answer.kind === 'answered' && answer.rows).toEqual(
      expected.kind === 'rows' && expected.rows,
    )
  })

  it('is answered by one server alone, without the words of the other', async () => {
    const known = await ask('How many orders are there?', servers('single'), {
      generator: generator(),
    })
    const unknown = await ask('sales this month', servers('single'), { generator: generator() })

    expect(known).toMatchObject({ kind: 'answered', rows: [[7]], missing: [] })
    expect(known.sources.map(({ name }) => name)).toEqual(['shop'])
    expect(unknown.kind).toBe('clarify')
  })

  it('is answered by both servers together, and says so', async () => {
    const answer = await ask('sales this month', servers('multi'), { generator: generator() })

    expect(answer.sources.map(({ name }) => name)).toEqual(['words', 'shop'])
  })

  it('is answered in part when the metadata is away, and names what is missing', async () => {
    const world = servers()
    world.words.fail('connect', 'unreachable')

    const known = await ask('How many orders are there?', world, { generator: generator() })
    const unknown = await ask('sales this month', world, { generator: generator() })

    expect(known).toMatchObject({ kind: 'answered', rows: [[7]], missing: [{ name: 'words' }] })
    expect(unknown).toMatchObject({ kind: 'clarify', missing: [{ name: 'words' }] })
  })

  it('says that the database is away, before or while it is read', async () => {
    const gone = servers()
    gone.shop.fail('connect', 'unreachable')
    const going = servers()
    going.shop.fail('call', 'closed')

    expect(await ask('How many orders are there?', gone, { generator: generator() })).toMatchObject(
      { kind: 'failed', code: 'catalog-missing', missing: [{ name: 'shop' }] },
    )
    expect(
      await ask('How many orders are there?', going, { generator: generator() }),
    ).toMatchObject({
      kind: 'failed',
      code: 'database-failed',
      message: expect.stringMatching(/.+/),
    })
  })
})

describe('a typing error', () => {
  it('of a model in a word of SQL is mended without asking it again', async () => {
    const before = model.requests.length

    const answer = await ask('Show the ledger', servers(), { generator: generators[1][1]() })

    expect(answer).toMatchObject({
      kind: 'answered',
      sql: expect.stringContaining('SELECT * FROM ledger'),
      rows: [
        [1, 'opened'],
        [2, 'closed'],
      ],
      explanation: expect.stringMatching(/FORM.*FROM/),
    })
    expect(model.requests.length - before).toBe(1)
  })

  it('of a person who writes SQL is mended too', async () => {
    const answer = await ask('SELECT * FORM ledger', servers(), { generator: offlineGenerator() })

    expect(answer).toMatchObject({
      kind: 'answered',
      rows: [
        [1, 'opened'],
        [2, 'closed'],
      ],
      explanation: expect.stringMatching(/FORM.*FROM/),
      confidence: 0.9,
    })
  })

  it.for(['DELETE FORM ledger', 'SELECT * FORM ledger; DROP TABLE ledger'])(
    'does not open a way for %s',
    async (question) => {
      const answer = await ask(question, servers(), { generator: offlineGenerator() })

      expect(['refused', 'clarify']).toContain(answer.kind)
    },
  )
})

describe('a model that is away', () => {
  const away = (): Pick<SqlAssistantOptions, 'generator'> => ({
    generator: modelGenerator({
      model: openAiModel({ baseUrl: 'http://127.0.0.1:9', model: 'm' }),
    }),
  })

  it('is replaced by the offline generator where that is allowed', async () => {
    const options = { ...away(), fallback: offlineGenerator() }

    const answer = await ask('Show me total sales for abracadabra this month', servers(), options)

    expect(answer).toMatchObject({
      kind: 'answered',
      rows: [[115]],
      explanation: expect.stringContaining('The model did not answer'),
    })
  })

  it('gives a clear error at once where it is not', async () => {
    expect(await ask('How many orders are there?', servers(), away())).toMatchObject({
      kind: 'failed',
      code: 'model-failed',
      message: 'The model server could not be reached.',
      usage: { modelCalls: 1 },
    })
  })
})
