import { isKey, isNumeric } from '../../schema/traits.ts'
import { grammarOf, hasRole } from '../items.ts'
import { isAggregate, isSame, type Expression } from '../query/query.ts'
import {
  columnAt,
  columnExpression,
  folded,
  meaningsOf,
  measureAt,
  tableOf,
  use,
  type Reading,
} from '../reading.ts'

/** Reads "per store", "for each country", "by month". */
export function readGroups(reading: Reading): void {
  const folds =
    reading.outputs.some(isAggregate) ||
    reading.items.some(
      (item, at) =>
        grammarOf(item)?.role === 'count' ||
        grammarOf(item)?.role === 'aggregate' ||
        measureAt(reading, at) !== undefined,
    )
  for (const [index, item] of reading.items.entries()) {
    const isGroup = hasRole(item, 'group') || (hasRole(item, 'by') && folds)
    const isUnitAlone = hasRole(item, 'unit') && item.text.endsWith('ly')
    if (isUnitAlone) readGroup(reading, index, index)
    else if (isGroup) {
      const next = hasRole(reading.items[index + 1], 'distinct', 'light', 'preposition')
        ? index + 2
        : index + 1
      if (folds || reading.order.some(({ by }) => isAggregate(by))) readGroup(reading, index, next)
      else use(item)
    }
  }
}

function readGroup(reading: Reading, index: number, at: number): void {
  const item = reading.items[at]
  const grammar = grammarOf(item)
  const measure = measureAt(reading, at)
  const table = tableOf(reading, item)
  const column = table === undefined ? columnAt(reading, at) : undefined
  if (grammar?.role === 'unit') reading.groups.push({ kind: 'unit', unit: grammar.unit })
  else if (measure !== undefined && !measure.isAggregate)
    reading.groups.push({ kind: 'expression', expression: measure })
  else if (table !== undefined) reading.groups.push({ kind: 'table', table })
  else if (column !== undefined)
    reading.groups.push({ kind: 'expression', expression: columnExpression(column) })
  else return
  use(reading.items[index], item)
  if (reading.items[at + 1]?.isListed === true) readGroup(reading, index, at + 1)
}

/** Reads what is to be shown from the items that no other rule took. */
export function readOutputs(reading: Reading): void {
  for (const [index, item] of reading.items.entries()) {
    if (item.isUsed) continue
    const grammar = grammarOf(item)
    const measure = measureAt(reading, index)
    if (grammar?.role === 'count') readCount(reading, index)
    else if (grammar?.role === 'aggregate') readAggregates(reading, index)
    else if (grammar?.role === 'distinct') {
      reading.isDistinct = true
      use(item)
    } else if (measure !== undefined) {
      use(item)
      add(reading, folded('sum', measure))
    } else if (tableOf(reading, item) === undefined) {
      const column = columnAt(reading, index)
      if (column === undefined) continue
      use(item)
      const isWeak = column.strength < 0.75
      const isAside = isWeak && !item.isListed && isSomethingShown(reading, index)
      if (isWeak) reading.doubts.push(isAside ? 0.85 : 0.5 + column.strength / 2)
      if (isAside) continue
      add(reading, columnExpression(column))
    }
  }
}

/**
 * Whether what is asked for was named before: then a word that resembles a column rather tells how
 * things belong together, as in "customers who opened an account".
 */
function isSomethingShown(reading: Reading, index: number): boolean {
  return (
    reading.outputs.length > 0 ||
    reading.items
      .slice(0, index)
      .some((item) => meaningsOf(item).some(({ column }) => column === undefined))
  )
}

function readCount(reading: Reading, index: number): void {
  let at = index + 1
  let isDistinct = false
  while (hasRole(reading.items[at], 'distinct', 'light', 'preposition')) {
    isDistinct ||= hasRole(reading.items[at], 'distinct')
    at += 1
  }
  const table = tableOf(reading, reading.items[at])
  const column = table === undefined ? columnAt(reading, at) : undefined
  use(...reading.items.slice(index, at))
  if (table !== undefined) {
    use(reading.items[at])
    return add(reading, { kind: 'count', table })
  }
  if (column !== undefined) {
    use(reading.items[at])
    const isOwnKey = column.table.primaryKey.join() === column.column.name
    return add(
      reading,
      isOwnKey && !isDistinct
        ? { kind: 'count', table: column.table }
        : { kind: 'count-distinct', of: columnExpression(column) },
    )
  }
  const subject = reading.named[0]
  if (subject === undefined) {
    reading.problems.push({ ask: 'What is to be counted?', choices: [] })
    return
  }
  add(reading, { kind: 'count', table: subject })
}

/** "average, minimum and maximum age" folds one column three ways; "average age and weight" two columns. */
function readAggregates(reading: Reading, index: number): void {
  const kinds: ('sum' | 'avg' | 'min' | 'max')[] = []
  let at = index
  for (
    let grammar = grammarOf(reading.items[at]);
    grammar?.role === 'aggregate';
    grammar = grammarOf(reading.items[at])
  ) {
    kinds.push(grammar.aggregate)
    at += 1
  }
  while (hasRole(reading.items[at], 'preposition', 'light', 'distinct', 'group')) at += 1
  if (hasRole(reading.items[at], 'count')) {
    use(...reading.items.slice(index, at))
    return readCount(reading, at)
  }
  const isAddable = ({
    table,
    column,
  }: Parameters<NonNullable<Parameters<typeof columnAt>[2]>>[0]): boolean =>
    !isKey(table, column) &&
    (isNumeric(column) || kinds.every((kind) => kind === 'min' || kind === 'max'))
  const targets: Expression[] = []
  for (; at < reading.items.length; at++) {
    const measure = measureAt(reading, at)
    const column =
      tableOf(reading, reading.items[at]) === undefined
        ? (columnAt(reading, at, isAddable) ?? columnAt(reading, at))
        : undefined
    if (measure === undefined && column === undefined) {
      const isOwner =
        targets.length === 0 &&
        tableOf(reading, reading.items[at]) !== undefined &&
        columnAt(reading, at + 1, isAddable) !== undefined
      if (isOwner) continue
      break
    }
    if (column !== undefined && !isAddable(column)) {
      if (targets.length > 0) break
      reading.doubts.push(0.8)
    }
    if (measure !== undefined) targets.push(measure)
    else if (column !== undefined) targets.push(columnExpression(column))
    use(reading.items[at])
    if (measure !== undefined) break
  }
  use(...reading.items.slice(index, index + kinds.length))
  if (targets.length === 0) {
    const table = tableOf(reading, reading.items[at])
    if (kinds.every((kind) => kind === 'sum') && table !== undefined) {
      use(reading.items[at])
      return add(reading, { kind: 'count', table })
    }
    reading.problems.push({
      ask: `The ${reading.items[index]?.text ?? 'total'} of what?`,
      choices: numericColumns(reading),
    })
    return
  }
  for (const target of targets) for (const kind of kinds) add(reading, folded(kind, target))
}

function numericColumns(reading: Reading): readonly string[] {
  return reading.named
    .flatMap((table) =>
      table.columns.filter((column) => isNumeric(column) && !isKey(table, column)),
    )
    .map(({ name }) => name)
    .slice(0, 5)
}

function add(reading: Reading, expression: Expression): void {
  if (!reading.outputs.some((output) => isSame(output, expression)))
    reading.outputs.push(expression)
}
