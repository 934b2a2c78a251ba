import type { Dialect } from '../dialect/dialect.ts'
import type { Query } from '../dialect/tree.ts'
import type { Span } from '../guard/verdict.ts'
import type { Access } from '../policy/access.ts'
import type { Limits } from '../policy/policy.ts'
import { CommonTables } from './from/common-tables.ts'
import type { Context } from './context.ts'
import { resolveExpression } from './expressions.ts'
import { resolveFrom } from './from/from.ts'
import { resolveQuery } from './query.ts'
import { EnoughFindings, Reads } from './reads.ts'
import type { Outcome, Source } from './relation.ts'
import type { Tables, ViewReader } from './from/tables.ts'

/** What a resolution stands on; the same for all texts that a guard sees. */
export interface Ground {
  readonly dialect: Dialect
  readonly access: Access
  readonly limits: Limits
  readonly tables: Tables | undefined
  readonly searchPath: readonly string[]
}

/** What a query reads, what it gives, and what is wrong with it. */
export interface Resolution {
  readonly reads: Reads
  readonly outcome: Outcome
}

/** Findings that one text gets at the most. */
const maxFindings = 16

/** Resolves all names of a query. */
export function resolve(query: Query, ground: Ground, ours: readonly Span[] = []): Resolution {
  return run(query, ground, ground.access, ours)
}

/** What a text of the policy itself reads; gives nothing when it cannot be resolved. */
export function readsUnchecked(sql: string, ground: Ground): Reads | undefined {
  const query = parseOwn(sql, ground)
  if (query === undefined) return undefined
  const { reads } = run(query, ground, undefined, [])
  // What is no column would be a string here, and perhaps a column of somebody's query.
  return reads.findings.length + reads.strings.length > 0 ? undefined : reads
}

function run(
  query: Query,
  ground: Ground,
  access: Access | undefined,
  ours: readonly Span[],
): Resolution {
  const reads = new Reads(maxFindings)
  const context: Context = {
    traits: ground.dialect.traits,
    access,
    tables: ground.tables,
    searchPath: ground.searchPath,
    reads,
    limits: ground.limits,
    ours,
    readView: viewReader(ground),
    query: (inner, commonTables, outer, onFirst) =>
      resolveQuery(context, inner, commonTables, outer, onFirst),
    expression: (expression, position) => resolveExpression(context, expression, position),
    from: (items, commonTables, outer) => resolveFrom(context, items, commonTables, outer),
  }
  try {
    return { reads, outcome: resolveQuery(context, query, CommonTables.none, undefined) }
  } catch (error) {
    if (!(error instanceof EnoughFindings)) throw error
    return { reads, outcome: { columns: [], rest: undefined, scopes: [] } }
  }
}

/** Reads the definitions of views. */
export function viewReader(ground: Ground): ViewReader {
  return (definition) => {
    const query = parseOwn(definition, ground)
    if (query === undefined) return undefined
    const { reads, outcome } = run(query, ground, undefined, [])
    if (reads.findings.length > 0) return undefined
    return { outcome, tables: reads.tables, decisive: decisiveColumns(definition, reads, outcome) }
  }
}

/** What a view may do to compare whole rows, which the tree does not tell. */
const comparesRows = /\b(?:distinct|except|intersect|minus|union(?!\s+all\b))/i

/** Columns that a view reads in any way but to show them. */
function decisiveColumns(
  definition: string,
  reads: Reads,
  { columns }: Outcome,
): readonly Source[] {
  const comparesAll = comparesRows.test(definition)
  const shown = new Set(columns.flatMap(({ sources }) => sources.map(nameOf)))
  return reads.list().flatMap(({ schema, table: name, columns: read }) =>
    read
      .map(({ column, uses }) => ({ source: { table: { schema, name }, column }, uses }))
      .filter(
        ({ source, uses }) =>
          comparesAll || uses.some((use) => use !== 'output') || !shown.has(nameOf(source)),
      )
      .map(({ source }) => source),
  )
}

function nameOf({ table: { schema, name }, column }: Source): string {
  return JSON.stringify([schema, name, column])
}

/** Parses a text that the engine or the policy wrote; it may be larger than what people may. */
function parseOwn(sql: string, { dialect }: Ground): Query | undefined {
  const parsed = dialect.parse(sql, { maxDepth: 256, maxJoins: 256 })
  const [statement, second] = parsed.kind === 'parsed' ? parsed.statements : []
  return statement?.kind === 'query' && second === undefined ? statement.query : undefined
}
