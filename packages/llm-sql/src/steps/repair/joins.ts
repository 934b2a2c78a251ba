import type { CatalogTable } from '@t2t/sql-guard'
import { joinsOf, shortestPath } from '../../schema/join-path.ts'
import type { Block, Relation } from './sql/blocks.ts'
import { meaningOf, tableOf, type Reference, type Statement } from './sql/references.ts'
import type { RepairStep } from './repair-step.ts'
import { isOnlyPath } from './paths.ts'
import { isTypingError } from './similarity.ts'
import { quoted, relationOf, writeJoins } from './sql/write.ts'

/**
 * Rewrites a join condition that names a column which does not exist, over the foreign keys that
 * lead to its table.
 */
export function repairJoins(statement: Statement): RepairStep | undefined {
  for (const reference of statement.references) {
    const { on, block } = reference
    if (on?.on === undefined || isMeant(reference, statement)) continue
    const inside = statement.references.filter((one) => one.on === on)
    const written = statement.tokens.slice(on.on.from, on.on.to)
    const isSimple = inside.length <= 2 && written.length <= 7
    const table = tableOf(on, statement)
    if (!isSimple || table === undefined) continue
    const step = rewritten(on, table, block, statement)
    if (step !== undefined) return step
  }
  return undefined
}

/** Whether a name is known, or is but misspelt. */
function isMeant(reference: Reference, statement: Statement): boolean {
  const meaning = meaningOf(reference, statement)
  if (meaning.kind === 'column' || meaning.kind === 'unknown') return true
  const relation = reference.block.relations.find(({ alias }) => alias === reference.qualifier)
  const table = relation === undefined ? undefined : tableOf(relation, statement)
  return table?.columns.some(({ name }) => isTypingError(reference.name, name)) === true
}

function rewritten(
  on: Relation,
  table: CatalogTable,
  block: Block,
  statement: Statement,
): RepairStep | undefined {
  const { tokens, catalog } = statement
  const before = block.relations.slice(0, block.relations.indexOf(on))
  const tables = before.flatMap((relation) => tableOf(relation, statement) ?? [])
  const path = shortestPath(catalog, tables, table)
  const [hop] = path ?? []
  if (path === undefined || hop === undefined || path.length > 3 || on.on === undefined)
    return undefined
  const startTable = hop.join.many === hop.to ? hop.join.one : hop.join.many
  const start = relationOf(startTable, { ...block, relations: before }, statement)
  if (start === undefined) return undefined
  const isOnly =
    joinsOf(catalog).filter(
      ({ many, one }) =>
        (many === table && one === startTable) || (one === table && many === startTable),
    ).length === 1
  const from = { table: startTable, written: start.written }
  const end = tokens[on.on.to - 1]?.end ?? 0
  const name = wordsOf(on, statement)
  if (path.length === 1) {
    const { join } = hop
    const [many, one] =
      join.many === table ? [on.written, start.written] : [start.written, on.written]
    const by = join.columns
      .map(
        (column, at) =>
          `${many}.${quoted(column, catalog.dialect)} = ${one}.${quoted(join.references[at] ?? '', catalog.dialect)}`,
      )
      .join(' AND ')
    const text = { start: tokens[on.on.from]?.start ?? 0, end, text: by }
    return {
      edits: [text],
      repairs: [{ kind: 'join-invalid', name, by, certainty: isOnly ? 'likely' : 'guess' }],
    }
  }
  const { text: by } = writeJoins(path, from, statement, on.written)
  const edit = { start: tokens[on.whole.from]?.start ?? 0, end, text: by }
  const certainty = isOnlyPath(catalog, tables, table, path.length) ? 'likely' : 'guess'
  return { edits: [edit], repairs: [{ kind: 'join-invalid', name, by, certainty }] }
}

function wordsOf({ on }: Relation, { tokens }: Statement): string {
  return on === undefined
    ? ''
    : tokens
        .slice(on.from, on.to)
        .filter(({ kind }) => kind !== 'string' && kind !== 'number')
        .map(({ text }) => text)
        .join(' ')
        .replaceAll(' . ', '.')
}
