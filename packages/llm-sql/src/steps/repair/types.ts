import { findColumn } from '../../schema/find.ts'
import { isNumeric } from '../../schema/traits.ts'
import { is } from './sql/lex.ts'
import { meaningOf, tableOf, type Statement } from './sql/references.ts'
import type { RepairStep } from './repair-step.ts'

/** Writes constants as the column has them that they are compared with: `'5'` for text, `5` for numbers. */
export function repairTypes(statement: Statement): RepairStep | undefined {
  const { tokens, references } = statement
  for (const reference of references) {
    const constant = tokens[reference.to + 1]
    const isCompared = is(tokens[reference.to], '=', '<>', '!=', '<', '>', '<=', '>=')
    if (!isCompared || constant === undefined) continue
    const meaning = meaningOf(reference, statement)
    const table = meaning.kind === 'column' ? tableOf(meaning.relation, statement) : undefined
    const column = table === undefined ? undefined : findColumn(table, reference.name)
    if (column === undefined) continue
    const isText = /char|text|string/i.test(column.type)
    const value = constant.text.slice(1, -1)
    const by =
      isText && constant.kind === 'number'
        ? `'${constant.text}'`
        : isNumeric(column) && constant.kind === 'string' && /^-?\d+(?:\.\d+)?$/.test(value)
          ? value
          : undefined
    if (by === undefined) continue
    return {
      edits: [{ start: constant.start, end: constant.end, text: by }],
      repairs: [
        {
          kind: 'type-mismatch',
          name: `the constant beside ${reference.text}`,
          by: isText ? 'text' : 'a number',
          certainty: 'sure',
        },
      ],
    }
  }
  return undefined
}
