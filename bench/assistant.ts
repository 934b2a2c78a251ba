// What the assistant itself adds to a question, model and database excluded, by size of the catalogue.
import { createSqlGuard, definePolicy, type Catalog, type CatalogTable } from '@t2t/sql-guard'
import { sqlite } from '@t2t/sql-guard/sqlite'
import { createSqlAssistant, link, modelGenerator, resolveEntities } from '@t2t/llm-sql'
import { scriptedModel } from '@t2t/llm-sql/testing'
import type { Bench, BenchRow } from './report/bench.ts'

const subjects = ['order', 'invoice', 'shipment', 'visit', 'ticket', 'payment', 'contract', 'claim']
const places = ['north', 'south', 'retail', 'web', 'partner', 'archive', 'daily', 'legal']
const asked = [
  'How many north order 1 rows are there per status?',
  'Show me the total amount of retail invoice 2 in 2023',
  'Which web ticket 3 has the highest amount?',
]
const rounds = 300

const bench: Bench = async ({ progress }) => {
  const rows: BenchRow[] = []
  for (const tables of [10, 100, 900]) {
    progress(`${tables} tables`)
    rows.push(...(await measure(tables)))
  }
  return rows
}

async function measure(count: number): Promise<readonly BenchRow[]> {
  const catalog = catalogOf(count)
  const name = catalog.tables[0]?.name ?? ''
  const source = { name: 'database', priority: 10 }
  const context = { catalog, metadata: [], sources: [source], missing: [] }
  const run = { kind: 'rows', columns: ['n'], rows: [[1]], isTruncated: false } as const
  const policy = definePolicy({ columns: { block: [`${name}.note`] } })
  const model = scriptedModel([`SELECT COUNT(*) FROM ${name}`])
  const assistant = createSqlAssistant({
    context: async () => context,
    guard: (known) => createSqlGuard({ dialect: sqlite(), policy, catalog: known }),
    run: async () => run,
    generator: modelGenerator({ model }),
    verifyWith: sqlite(),
  })
  const times: number[] = []
  for (let round = 0; round < rounds; round++) {
    const start = performance.now()
    const answer = await assistant.ask(asked[round % asked.length] ?? '').answer
    times.push(performance.now() - start)
    if (answer.kind !== 'answered') throw new Error(`The answer is ${answer.kind}.`)
  }
  const sorted = times.slice(10).toSorted((a, b) => a - b)
  const p95 = sorted[Math.floor(sorted.length * 0.95)] ?? Number.NaN
  const characters = (model.requests[0]?.messages ?? []).reduce(
    (sum, { content }) => sum + content.length,
    0,
  )
  const isMain = count === 100
  const row = (id: string, what: string, value: number, unit: string): BenchRow => ({
    id: `assistant-${count}-${id}`,
    what: `${count} tables: ${what}`,
    value: Math.round(value * 100) / 100,
    unit,
    peers: {},
    goal: isMain && id === 'p95' ? 'p95 at most 15 ms' : '',
    met: isMain && id === 'p95' ? p95 <= 15 : null,
  })
  return [
    row('first', 'the first question', times[0] ?? Number.NaN, 'ms'),
    row('p95', 'a question, 95th percentile', p95, 'ms'),
    {
      ...row('prompt', 'prompt, at four characters a token', characters / 4, 'tokens'),
      peers: { 'whole schema': await wholeSchemaTokens(catalog) },
    },
  ]
}

/** Tokens of the prompt for the first question when the whole schema is shown. */
async function wholeSchemaTokens(catalog: Catalog): Promise<number> {
  const model = scriptedModel(['ASK: What?'])
  const generator = modelGenerator({ model, maxSchemaTokens: Number.POSITIVE_INFINITY })
  const metadata: [] = []
  const today = '2024-01-15'
  const question = resolveEntities(link(asked[0] ?? '', catalog), {
    metadata,
    catalogSource: { name: 'database', priority: 10 },
    today,
  })
  await generator.draft({ question, entities: [], metadata, today }, new AbortController().signal)
  const messages = model.requests[0]?.messages ?? []
  return Math.round(messages.reduce((sum, { content }) => sum + content.length, 0) / 4)
}

function catalogOf(count: number): Catalog {
  const tables = Array.from({ length: count }, (_, at) => tableOf(at))
  return { dialect: 'sqlite', version: '1', searchPath: ['main'], tables }
}

function tableOf(at: number): CatalogTable {
  const place = places[at % places.length] ?? ''
  const subject = subjects[Math.floor(at / places.length) % subjects.length] ?? ''
  const types = { id: 'integer', status: 'text', amount: 'real', note: 'text', created_at: 'text' }
  const more = Array.from({ length: 10 }, (_, index) => [`field_${index}`, 'text'] as const)
  return {
    schema: 'main',
    name: `${place}_${subject}_${at}`,
    kind: 'table',
    columns: [...Object.entries(types), ...more].map(([name, type]) => ({
      name,
      type,
      isNullable: false,
    })),
    primaryKey: ['id'],
    foreignKeys: [],
  }
}

export default bench
