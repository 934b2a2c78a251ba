import type { CatalogColumn, CatalogTable, TableRead } from '@t2t/sql-guard'
import type { ResolvedEntity } from '../assistant/answer.ts'
import type { Mention } from '../entities/mention.ts'
import type { Source } from '../metadata/metadata.ts'
import type { ResolvedQuestion } from './resolve.ts'

/**
 * Says what the phrases of a resolved question mean, for people, prompts and receipts.
 *
 * Where a phrase may mean several columns, and it is known what the statement `reads`, those that
 * it reads are named.
 */
export function entitiesOf(
  { mentions }: ResolvedQuestion,
  catalogSource: Source,
  reads: readonly TableRead[] = [],
): readonly ResolvedEntity[] {
  const named = new Set(
    mentions.flatMap((mention) => {
      const entry = mention.kind === 'schema' ? mention.candidates[0]?.entry : undefined
      return entry !== undefined && entry.column === undefined ? [entry.table] : []
    }),
  )
  const narrow = narrowing(named, reads)
  return mentions.flatMap((mention) => {
    const described = describe(mention, narrow, catalogSource)
    if (described === undefined) return []
    return [{ term: mention.term, confidence: mention.confidence, ...described }]
  })
}

/** Something that a phrase may mean. */
interface Place {
  readonly table: CatalogTable
  /** Absent for the table itself. */
  readonly column?: CatalogColumn | undefined
}

type Narrow = <One extends Place>(candidates: readonly One[]) => readonly One[]

/** Keeps the candidates that the statement reads, then those of tables that the question names. */
function narrowing(named: ReadonlySet<CatalogTable>, reads: readonly TableRead[]): Narrow {
  return (candidates) => {
    const read = candidates.filter((one) => isRead(one, reads))
    const left = read.length > 0 ? read : candidates
    const near = left.filter(({ table }) => named.has(table))
    return near.length > 0 ? near : left
  }
}

function isRead({ table, column }: Place, reads: readonly TableRead[]): boolean {
  return reads.some(
    (read) =>
      read.table === table.name &&
      read.schema === table.schema &&
      (column === undefined || read.columns.some((one) => one.column === column.name)),
  )
}

function describe(
  mention: Mention,
  narrow: Narrow,
  catalogSource: Source,
): Pick<ResolvedEntity, 'kind' | 'meaning' | 'source'> | undefined {
  switch (mention.kind) {
    case 'value': {
      const meanings = narrow(mention.values).map(({ table, column, value }) => {
        const shown = typeof value === 'number' ? String(value) : `'${value.replaceAll("'", "''")}'`
        return `${table.name}.${column.name} = ${shown}`
      })
      if (meanings.length === 0) return undefined
      const doubt = mention.confidence < 0.6 ? 'perhaps ' : ''
      const meaning = `${doubt}${meanings.slice(0, 3).join(' or ')}`
      return { kind: 'value', meaning, source: mention.source }
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
      const entries = narrow(mention.candidates.map(({ entry }) => entry))
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
