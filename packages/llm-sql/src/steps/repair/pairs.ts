import { joinsOf } from '../../schema/join-path.ts'
import type { RepairStep } from './repair-step.ts'
import { is } from './sql/lex.ts'
import { meaningOf, tableOf, type Reference, type Statement } from './sql/references.ts'
import { qualified } from './sql/write.ts'

/**
 * `x IN (SELECT x FROM other …)` where one of the two tables has no `x`: the columns that the only
 * foreign key between them sets equal.
 */
export function repairPairs(statement: Statement): RepairStep | undefined {
  const { references } = statement
  for (const outer of references) {
    const inner = references.find((one) => isSelected(one, outer, statement))
    if (inner === undefined || (isColumn(outer, statement) && isColumn(inner, statement))) continue
    const step = paired(outer, inner, statement)
    if (step !== undefined) return step
  }
  return undefined
}

/** Whether a reference is all that a subquery selects which another one is compared with. */
function isSelected(
  inner: Reference,
  { name, to }: Reference,
  { tokens, blocks }: Statement,
): boolean {
  if (inner.name !== name || inner.clause !== 'select') return false
  const not = is(tokens[to], 'not') ? 1 : 0
  const open = to + not + 1
  const isCompared = is(tokens[to + not], 'in', '=') && is(tokens[open], '(')
  const block = blocks.find(({ from }) => from === open + 1)
  const select = block?.clauses.get('select')
  if (!isCompared || block !== inner.block || select === undefined) return false
  const first = is(tokens[select.from], 'distinct') ? select.from + 1 : select.from
  return inner.from === first && inner.to === select.to
}

function isColumn(reference: Reference, statement: Statement): boolean {
  const meaning = meaningOf(reference, statement)
  return (
    meaning.kind === 'unknown' ||
    (meaning.kind === 'column' && reference.block.relations.includes(meaning.relation))
  )
}

function paired(outer: Reference, inner: Reference, statement: Statement): RepairStep | undefined {
  const [left, more] = outer.block.relations
  const [right, other] = inner.block.relations
  if (left === undefined || right === undefined || more !== undefined || other !== undefined)
    return undefined
  const [from, to] = [tableOf(left, statement), tableOf(right, statement)]
  const joins = joinsOf(statement.catalog).filter(
    ({ many, one }) => (many === from && one === to) || (one === from && many === to),
  )
  const [join, second] = joins
  const [column, composite] = join?.columns ?? []
  const key = join?.references[0]
  const isOnly = second === undefined && composite === undefined
  if (join === undefined || column === undefined || key === undefined || !isOnly) return undefined
  const by = join.many === from ? [column, key] : [key, column]
  const texts = [
    qualified(left, by[0] ?? '', statement),
    qualified(right, by[1] ?? '', statement),
  ] as const
  const edit = (
    { from: first, to: end }: Reference,
    text: string,
  ): RepairStep['edits'][number] => ({
    start: statement.tokens[first]?.start ?? 0,
    end: statement.tokens[end - 1]?.end ?? 0,
    text,
  })
  return {
    edits: [edit(outer, texts[0]), edit(inner, texts[1])],
    repairs: [
      { kind: 'join-invalid', name: outer.text, by: texts.join(' = '), certainty: 'likely' },
    ],
  }
}
