import type { CatalogTable } from '@t2t/sql-guard'
import type { ResolvedEntity } from '../assistant/answer.ts'
import type { Mention } from '../entities/mention.ts'
import type { Source } from '../metadata/metadata.ts'
import type { ResolvedQuestion } from './resolve.ts'

/** Says what the phrases of a resolved question mean, for people, prompts and receipts. */
export function entitiesOf(
  { mentions }: ResolvedQuestion,
  catalogSource: Source,
): readonly ResolvedEntity[] {
  const named = new Set(
    mentions.flatMap((mention) => {
      const entry = mention.kind === 'schema' ? mention.candidates[0]?.entry : undefined
      return entry !== undefined && entry.column === undefined ? [entry.table] : []
    }),
  )
  return mentions.flatMap((mention) => {
    const described = describe(mention, named, catalogSource)
    if (described === undefined) return []
    return [{ term: mention.term, confidence: mention.confidence, ...described }]
  })
}

/** Keeps the candidates of tables that the question names, where there are any. */
function closest<Candidate extends { readonly table: CatalogTable }>(
  candidates: readonly Candidate[],
  named: ReadonlySet<CatalogTable>,
): readonly Candidate[] {
  const near = candidates.filter(({ table }) => named.has(table))
  return near.length > 0 ? near : candidates
}

function describe(
  mention: Mention,
  named: ReadonlySet<CatalogTable>,
  catalogSource: Source,
): Pick<ResolvedEntity, 'kind' | 'meaning' | 'source'> | undefined {
  switch (mention.kind) {
    case 'value': {
      const meanings = closest(mention.values, named).map(({ table, column, value }) => {
        const shown = typeof value === 'number' ? String(value) : `'${value.replaceAll("'", "''")}'`
        return `${table.name}.${column.name} = ${shown}`
      })
      if (meanings.length === 0) return undefined
      return { kind: 'value', meaning: meanings.slice(0, 3).join(' or '), source: mention.source }
    }
    case 'measure':
      return { kind: 'measure', meaning: mention.expression, source: mention.source }
    case 'time': {
      const { start, end } = mention.range
      const parts = [
        start === undefined ? '' : `from ${start}`,
        end === undefined ? '' : `before ${end}`,
      ]
      return {
        kind: 'time',
        meaning: parts.filter((part) => part !== '').join(', '),
        source: clock,
      }
    }
    case 'schema': {
      const entries = closest(
        mention.candidates.map(({ entry }) => entry),
        named,
      )
      const [first] = entries
      if (first === undefined) return undefined
      const kind = first.column === undefined ? 'table' : 'column'
      const names = entries.map(({ table, column }) =>
        column === undefined ? table.name : `${table.name}.${column.name}`,
      )
      const meaning = kind === 'table' ? first.table.name : names.slice(0, 3).join(' or ')
      return { kind, meaning, source: catalogSource }
    }
    case 'grammar':
      return undefined
  }
}

/** Times come from the day of asking and from nothing else. */
const clock: Source = { name: 'clock', priority: 1 }
