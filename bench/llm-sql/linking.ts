import type { Catalog } from '@t2t/sql-guard'
import { linkSchema } from '@t2t/llm-sql'
import type { BenchRow } from '../report/bench.ts'
import { writtenCatalogs } from './catalogs.ts'
import { openDatabase, readCatalog, readQuestions, type EvaluatedQuestion } from './data.ts'

const share = 0.25

/** How often linking keeps every table and column that the query of the authors uses. */
export function measureLinking(): readonly BenchRow[] {
  const bird = readQuestions('bird-linking')
  const withLabels = writtenCatalogs('bird-linking', true)
  const bare = writtenCatalogs('bird-linking', false)
  const withEvidence = ({ question, evidence = '' }: EvaluatedQuestion): string =>
    `${question} ${evidence}`
  const alone = ({ question }: EvaluatedQuestion): string => question
  const spider = readQuestions('spider-dev-a')
  const catalogs = new Map<string, Catalog>()
  for (const { db } of spider) {
    if (catalogs.has(db)) continue
    const database = openDatabase('spider-dev-a', db)
    catalogs.set(db, readCatalog(database, 50))
    database.close()
  }
  return [
    row('bird-linking', 'evidence and labels', bird, withLabels, withEvidence),
    row('bird-linking', 'evidence, no labels', bird, bare, withEvidence),
    row('bird-linking', 'labels, no evidence', bird, withLabels, alone),
    row('bird-linking', 'neither', bird, bare, alone),
    row('spider-dev-a', 'sampled values', spider, catalogs, alone),
  ]
}

function row(
  set: string,
  given: string,
  questions: readonly EvaluatedQuestion[],
  catalogs: ReadonlyMap<string, Catalog>,
  textOf: (question: EvaluatedQuestion) => string,
): BenchRow {
  let asked = 0
  let kept = 0
  for (const question of questions) {
    const catalog = catalogs.get(question.db)
    if (catalog === undefined || question.gold_columns === undefined) continue
    asked += 1
    const linked = linkSchema(textOf(question), catalog, { share, minTokens: 0 })
    if (linked.tokens > Math.ceil(linked.wholeTokens * share)) throw new Error('Over the budget.')
    const names = new Set(
      linked.catalog.tables.flatMap(({ name, columns }) =>
        [name, ...columns.map((column) => `${name}.${column.name}`)].map((one) =>
          one.toLowerCase(),
        ),
      ),
    )
    const gold = [...(question.gold_tables ?? []), ...question.gold_columns]
    if (gold.every((name) => names.has(name.toLowerCase()))) kept += 1
  }
  const isMain = set === 'bird-linking'
  const value = kept / asked
  return {
    id: `linking-${set}-${given.replaceAll(/\W+/g, '-')}`,
    what: `${set}, ${given}: all tables and columns kept in ${share * 100} % of the schema's tokens`,
    value: Math.round(value * 1_000) / 10,
    unit: '%',
    peers: {},
    goal: isMain ? 'start 44' : '',
    met: isMain ? value > 0.44 : null,
  }
}
