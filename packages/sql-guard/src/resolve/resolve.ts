import type { Dialect } from '../dialect/dialect.ts'
import type { Query } from '../dialect/tree.ts'
import type { Access } from '../policy/access.ts'
import { CommonTables } from './common-tables.ts'
import type { Context } from './context.ts'
import { resolveExpression } from './expressions.ts'
import { resolveFrom } from './from.ts'
import { resolveQuery } from './query.ts'
import { Reads } from './reads.ts'
import type { Outcome } from './relation.ts'
import type { Tables, ViewReader } from './tables.ts'

/** What a resolution stands on; the same for all texts that a guard sees. */
export interface Ground {
  readonly dialect: Dialect
  readonly access: Access
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
export function resolve(query: Query, ground: Ground): Resolution {
  return run(query, ground, ground.access)
}

function run(query: Query, ground: Ground, access: Access | undefined): Resolution {
  const reads = new Reads(maxFindings)
  const context: Context = {
    traits: ground.dialect.traits,
    access,
    tables: ground.tables,
    searchPath: ground.searchPath,
    reads,
    readView: viewReader(ground),
    query: (inner, commonTables, outer, onFirst) =>
      resolveQuery(context, inner, commonTables, outer, onFirst),
    expression: (expression, position) => resolveExpression(context, expression, position),
    from: (items, commonTables, outer) => resolveFrom(context, items, commonTables, outer),
  }
  return { reads, outcome: resolveQuery(context, query, CommonTables.none, undefined) }
}

/** Reads the definition of a view; what the engine wrote may be larger than what people may. */
function viewReader(ground: Ground): ViewReader {
  return (definition) => {
    const parsed = ground.dialect.parse(definition, { maxDepth: 256, maxJoins: 256 })
    const [statement] = parsed.kind === 'parsed' ? parsed.statements : []
    if (statement?.kind !== 'query') return undefined
    const { reads, outcome } = run(statement.query, ground, undefined)
    return reads.findings.length > 0 ? undefined : { outcome, tables: reads.tables }
  }
}
