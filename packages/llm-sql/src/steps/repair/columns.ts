import type { CatalogTable } from '@t2t/sql-guard'
import { findColumn } from '../../schema/find.ts'
import { constantsBeside, isKnownIn } from './fit.ts'
import { equalByKey, isPlainColumn, missing, nameIn, unreadTable, type Meant } from './meant.ts'
import type { Repair, RepairKind, RepairStep } from './repair-step.ts'
import type { Block, Relation } from './sql/blocks.ts'
import { is, type Edit } from './sql/lex.ts'
import { meaningOf, tableOf, type Reference, type Statement } from './sql/references.ts'
import { qualified } from './sql/write.ts'

/** Names that are looked for in one statement; one with more of them is not worth mending. */
const maxNames = 24

/** Replaces columns that do not exist, that several tables have, or whose table is not read. */
export function repairColumns(statement: Statement): RepairStep | undefined {
  const edits: Edit[] = []
  const repairs: Repair[] = []
  const seen = new Map<string, Meant | undefined>()
  const joinedBlocks = new Set<Block>()
  for (const reference of statement.references) {
    const meaning = meaningOf(reference, statement)
    if (meaning.kind === 'column' || meaning.kind === 'unknown') continue
    const key = `${statement.blocks.indexOf(reference.block)} ${reference.text.toLowerCase()}`
    const before = seen.get(key)
    if (before === undefined && seen.has(key)) continue
    if (seen.size === maxNames) return undefined
    const meant =
      before ??
      (meaning.kind === 'ambiguous'
        ? chosenOf(reference, meaning.relations, statement)
        : meaning.kind === 'no-relation'
          ? unreadTable(reference, statement)
          : missing(reference, statement))
    if (before === undefined) seen.set(key, meant)
    if (meant === undefined) continue
    const isNewJoin = meant.join !== undefined && before === undefined
    if (isNewJoin && joinedBlocks.has(reference.block)) {
      // One join a step: this one is looked for again in the text that has the first.
      seen.set(key, undefined)
      continue
    }
    edits.push({ ...spanOf(reference, statement), text: meant.by })
    if (before !== undefined) continue
    const kind: RepairKind =
      meaning.kind === 'ambiguous'
        ? 'column-ambiguous'
        : meaning.kind === 'no-relation'
          ? 'table-missing'
          : 'column-unknown'
    const by = meant.by.startsWith("'") ? 'a constant' : meant.by
    repairs.push({ kind, name: reference.text, by, certainty: meant.certainty })
    if (meant.join === undefined) continue
    joinedBlocks.add(reference.block)
    const at = statement.tokens[meant.join.after.whole.to - 1]?.end ?? statement.sql.length
    edits.push({ start: at, end: at, text: ` ${meant.join.text}` })
    edits.push(...keptApart(reference.block, meant.join.tables, statement))
  }
  return edits.length === 0 ? undefined : { edits, repairs }
}

/** Names that stand alone, and that joined tables have too, with the table that they meant before. */
function keptApart(
  block: Block,
  joined: readonly CatalogTable[],
  statement: Statement,
): readonly Edit[] {
  return statement.references.flatMap((reference) => {
    const { name, qualifier } = reference
    if (qualifier !== undefined || reference.block !== block) return []
    const meaning = meaningOf(reference, statement)
    const isShared = joined.some((table) => findColumn(table, name) !== undefined)
    if (meaning.kind !== 'column' || !isShared || meaning.relation.written === '') return []
    const text = qualified(meaning.relation, nameIn(meaning.relation, name, statement), statement)
    return [{ ...spanOf(reference, statement), text }]
  })
}

/**
 * Writes columns of a subquery that only the statement around it has as the subquery's own, where a
 * foreign key says that the two are equal.
 */
export function repairOuterColumns(statement: Statement): RepairStep | undefined {
  for (const reference of statement.references) {
    const meaning = meaningOf(reference, statement)
    const own = reference.block.relations
    const isOuter =
      reference.qualifier === undefined &&
      meaning.kind === 'column' &&
      !own.includes(meaning.relation)
    const meant = isOuter ? equalByKey(own, reference.name, statement) : undefined
    if (meant === undefined) continue
    const { by, certainty } = meant
    return {
      edits: [{ ...spanOf(reference, statement), text: by }],
      repairs: [{ kind: 'column-unknown', name: reference.text, by, certainty }],
    }
  }
  return undefined
}

function spanOf(
  { from, to }: Reference,
  { tokens }: Statement,
): { readonly start: number; readonly end: number } {
  return { start: tokens[from]?.start ?? 0, end: tokens[to - 1]?.end ?? 0 }
}

/** Of several tables that have the column: those joined over it are equal; else what is no key. */
function chosenOf(
  reference: Reference,
  relations: readonly Relation[],
  statement: Statement,
): Meant | undefined {
  const [first] = relations
  if (first === undefined) return undefined
  const own = reference.block.relations
  const isOuter = own.length > 0 && relations.every((relation) => !own.includes(relation))
  const inside = isOuter ? equalByKey(own, reference.name, statement) : undefined
  if (inside !== undefined) return inside
  const { name } = reference
  const partner = equalTo(reference, statement)
  const rest = relations.filter(({ alias }) => alias !== partner)
  const [other, more] = rest
  if (partner !== undefined && other !== undefined && more === undefined)
    return { by: qualified(other, nameIn(other, name, statement), statement), certainty: 'sure' }
  const isEqual = relations
    .slice(1)
    .every((relation) => areJoined(first, relation, name, statement))
  const plain = relations.filter((relation) => isPlainColumn(relation, name, statement))
  const constants = constantsBeside(reference, statement)
  const holding = plain.filter((relation) => {
    const table = tableOf(relation, statement)
    const column = table === undefined ? undefined : findColumn(table, name)
    return column !== undefined && isKnownIn(column, constants)
  })
  const owners = holding.length > 0 ? holding : plain
  const chosen = isEqual ? first : (owners[0] ?? first)
  return {
    by: qualified(chosen, nameIn(chosen, name, statement), statement),
    certainty: isEqual ? 'sure' : owners.length === 1 ? 'likely' : 'guess',
  }
}

/** The relation whose column of the same name a name is set equal to. */
function equalTo(
  { name, from, to }: Reference,
  { references, tokens }: Statement,
): string | undefined {
  return references.find(
    (one) =>
      one.name === name &&
      one.qualifier !== undefined &&
      ((one.from === to + 1 && is(tokens[to], '=')) ||
        (one.to === from - 1 && is(tokens[one.to], '='))),
  )?.qualifier
}

/** Whether a condition of the statement sets one column of two relations equal. */
function areJoined(
  left: Relation,
  right: Relation,
  name: string,
  { references, tokens }: Statement,
): boolean {
  return references.some(
    (one, at) =>
      one.name === name &&
      references[at + 1]?.name === name &&
      tokens[one.to]?.text === '=' &&
      [left.alias, right.alias].toSorted().join() ===
        [one.qualifier ?? '', references[at + 1]?.qualifier ?? ''].toSorted().join(),
  )
}
