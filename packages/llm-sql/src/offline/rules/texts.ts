import { grammarOf, hasRole, type Item } from '../items.ts'
import {
  addCondition,
  columnAt,
  columnExpression,
  leftOver,
  meaningsOf,
  tableOf,
  use,
  type Reading,
} from '../reading.ts'

/** Reads "name contains 'amp'", "title starts with The". */
export function readTexts(reading: Reading): void {
  for (const [index, item] of reading.items.entries()) {
    const grammar = grammarOf(item)
    if (grammar?.role !== 'like') continue
    let at = index + 1
    while (hasRole(reading.items[at], 'light', 'preposition', 'where')) at += 1
    const text = textOf(reading.items[at])
    if (text === undefined) {
      if (grammar.place === 'inside') use(item)
      continue
    }
    const { at: left, passed } = leftOver(
      reading,
      index,
      'where',
      'copula',
      'not',
      'without',
      'light',
    )
    const isNegated = passed.some((one) => hasRole(one, 'not', 'without'))
    const isTable = tableOf(reading, reading.items[left]) !== undefined
    const column = isTable ? undefined : columnAt(reading, left)
    if (column === undefined) {
      reading.problems.push({ ask: `What ${item.text} "${text}"?`, choices: [] })
      continue
    }
    use(item, ...passed, ...reading.items.slice(index, at + 1))
    const expression = columnExpression(column)
    const isShown = reading.items.slice(0, left).every((one) => meaningsOf(one).length === 0)
    if (isShown) reading.outputs.push(expression)
    addCondition(reading, index, {
      kind: 'like',
      left: expression,
      place: grammar.place,
      text,
      isNegated,
    })
    use(reading.items[left])
  }
}

function textOf(item: Item | undefined): string | undefined {
  if (item === undefined || item.isUsed) return undefined
  if (item.mention?.kind === 'value')
    return item.mention.text === '' ? undefined : item.mention.text
  if (item.mention !== undefined) return undefined
  return item.number === undefined && !item.isProper ? undefined : item.text
}
