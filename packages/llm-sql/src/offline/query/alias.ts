import { wordsOf } from '../../schema/identifier.ts'
import type { JoinTree } from '../../schema/join-path.ts'
import type { Expression } from './query.ts'

/** An output, and the name that it is given in the rows. */
export interface NamedOutput {
  readonly output: Expression
  /** Absent where the output has a name of its own. */
  readonly alias: string | undefined
}

/**
 * Names counts and measures, so that rows can be read without their SQL: `order_count`.
 *
 * An alias is never the name of a column of a joined table, nor that of another output: in some
 * clauses an engine would take the one for the other.
 */
export function withAliases(
  outputs: readonly Expression[],
  tree: JoinTree,
): readonly NamedOutput[] {
  const taken = new Set(
    tree.tables.flatMap(({ columns }) => columns.map(({ name }) => name.toLowerCase())),
  )
  return outputs.map((output) => {
    const wanted = wantedAlias(output)
    if (wanted === undefined) return { output, alias: undefined }
    let alias = wanted
    for (let number = 2; taken.has(alias); number++) alias = `${wanted}_${number}`
    taken.add(alias)
    return { output, alias }
  })
}

function wantedAlias(output: Expression): string | undefined {
  switch (output.kind) {
    case 'measure':
      return output.name.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, '_')
    case 'count':
      return `${nameOf(output.table.name)}_count`
    case 'count-distinct':
      return output.of.kind === 'column'
        ? `distinct_${nameOf(output.of.column.name)}_count`
        : 'distinct_count'
    case 'column':
    case 'aggregate':
    case 'bucket':
      return undefined
  }
}

function nameOf(identifier: string): string {
  return wordsOf(identifier).join('_')
}
