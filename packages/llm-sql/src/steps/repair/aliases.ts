import { is } from './sql/lex.ts'
import { aliasesOf, holds, type Statement } from './sql/references.ts'
import type { RepairStep } from './repair-step.ts'

/** Writes out names that a `SELECT` gives where they are not visible yet: in its `WHERE`. */
export function repairAliases(statement: Statement): RepairStep | undefined {
  const { tokens, sql, references } = statement
  for (const { block, clause, qualifier, name, from, to, text } of references) {
    if (clause !== 'where' || qualifier !== undefined || !aliasesOf(block, statement).has(name))
      continue
    if (block.relations.some((relation) => holds(relation, name, statement) !== false)) continue
    const select = block.clauses.get('select')
    if (select === undefined) continue
    const as = tokens.findIndex(
      (token, at) =>
        at > select.from && at < select.to && token.name === name && is(tokens[at - 1], 'as'),
    )
    if (as < 0) continue
    let start = as - 2
    let depth = 0
    while (start >= select.from && !(depth === 0 && is(tokens[start], ','))) {
      if (is(tokens[start], ')')) depth += 1
      if (is(tokens[start], '(')) depth -= 1
      start -= 1
    }
    const first = is(tokens[start + 1], 'distinct') ? start + 2 : start + 1
    const by = `(${sql.slice(tokens[first]?.start, tokens[as - 2]?.end)})`
    return {
      edits: [{ start: tokens[from]?.start ?? 0, end: tokens[to - 1]?.end ?? 0, text: by }],
      repairs: [
        { kind: 'alias-not-visible', name: text, by: 'what it stands for', certainty: 'sure' },
      ],
    }
  }
  return undefined
}
