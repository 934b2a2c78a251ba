import { displayColumn, isAmount, isKey, isNumeric } from '../../schema/traits.ts'
import type { Concepts } from '../../question/adjectives.ts'
import { conceptColumn } from '../concepts.ts'
import { countedTable } from '../counted.ts'
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
import { foldOf } from './superlatives.ts'

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
    else if (grammar?.role === 'quality') readQuality(reading, index, grammar.concepts)
    else if (foldOf(item) !== undefined) readAggregates(reading, index)
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
      if (isNameOfColumn(reading, index)) continue
      if (isFoldedOver(reading, index)) {
        reading.doubts.push(0.9)
        continue
      }
      const isWeak = column.strength < 0.75
      const isTold = isInClause(reading, index)
      const isAside = isTold || (isWeak && !item.isListed && isSomethingShown(reading, index))
      if (isWeak || isTold) reading.doubts.push(isAside ? 0.85 : 0.5 + column.strength / 2)
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

/** "The names of colleges", "the college name": where a column holds them, the word adds nothing. */
function isNameOfColumn(reading: Reading, index: number): boolean {
  if (!/^names?$/i.test(reading.items[index]?.text ?? '')) return false
  const isNamed = (at: number): boolean => {
    const [best] = meaningsOf(reading.items[at])
    return (
      best?.column !== undefined &&
      best.strength >= 0.95 &&
      reading.items[at]?.isUsed === at < index &&
      !isAmount(best.table, best.column) &&
      displayColumn(best.table) !== best.column &&
      meaningsOf(reading.items[at]).every(({ column }) => column !== undefined)
    )
  }
  let after = index + 1
  while (hasRole(reading.items[after], 'preposition', 'distinct')) after += 1
  if (after > index + 1 && isNamed(after)) return true
  return index > 0 && reading.items[index]?.isListed === false && isNamed(index - 1)
}

/** "The average price of all rooms" folds the rows; a column called so is not shown beside it. */
function isFoldedOver(reading: Reading, index: number): boolean {
  const item = reading.items[index]
  const last = reading.outputs.at(-1)
  return (
    last?.kind === 'aggregate' &&
    reading.groups.length === 0 &&
    item?.isListed === false &&
    reading.items[index - 1]?.mention?.kind === 'grammar' &&
    /\b(?:of|across|over|for|among)(?: all)?$/i.test(reading.items[index - 1]?.text ?? '')
  )
}

const clauseWords = new Set([
  'that',
  'which',
  'who',
  'whom',
  'whose',
  'where',
  'when',
  'having',
  'in which',
  'for which',
])

/**
 * Whether a clause that tells which rows are meant stands before an item, and no new request: "the
 * season of the game *which causes* injuries".
 */
function isInClause(reading: Reading, index: number): boolean {
  const before = reading.items.slice(0, index)
  const from = before.findLastIndex((item) => clauseWords.has(item.text.toLowerCase()))
  return (
    from > 0 &&
    before.slice(0, from).some((item) => meaningsOf(item).length > 0) &&
    !before
      .slice(from)
      .some((item) => item.mention?.kind === 'grammar' && item.mention.grammar.role === 'ask')
  )
}

/** Reads "how old", "how long": the column that holds it. */
function readQuality(reading: Reading, index: number, concepts: Concepts): void {
  const item = reading.items[index]
  const concept = conceptColumn(reading, concepts, 'descending')
  use(item)
  if (concept === undefined)
    reading.problems.push({ ask: `What tells "${item?.text ?? ''}"?`, choices: [] })
  else {
    reading.doubts.push(concept.isFlipped ? 0.7 : 0.95)
    add(reading, columnExpression(concept))
  }
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
  const counted =
    table ??
    (column !== undefined && isAmount(column.table, column.column)
      ? undefined
      : countedTable(reading, at))
  if (counted !== undefined) {
    use(reading.items[at])
    return add(reading, { kind: 'count', table: counted })
  }
  if (column !== undefined && isAmount(column.table, column.column) && !isDistinct) {
    use(reading.items[at])
    return add(reading, countedAmount(reading, index, columnExpression(column)))
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

/** A number that is stored is not counted: "the number of seats" of something; "the total number" adds it up. */
function countedAmount(reading: Reading, index: number, amount: Expression): Expression {
  const isTotal = /\btotal\b/i.test(reading.items[index]?.text ?? '')
  const isOfEach = reading.items.some((item) => hasRole(item, 'group')) || reading.groups.length > 0
  const isAlone =
    reading.outputs.length === 0 && reading.where.length === 0 && reading.order.length === 0
  if (isTotal || (isAlone && /^how many/i.test(reading.items[index]?.text ?? ''))) {
    if (!isTotal) reading.doubts.push(0.8)
    return folded('sum', amount)
  }
  if (isOfEach) reading.doubts.push(0.9)
  return amount
}

/** "average, minimum and maximum age" folds one column three ways; "average age and weight" two columns. */
function readAggregates(reading: Reading, index: number): void {
  const kinds: ('sum' | 'avg' | 'min' | 'max')[] = []
  let at = index
  for (let fold = foldOf(reading.items[at]); fold !== undefined; fold = foldOf(reading.items[at])) {
    kinds.push(fold)
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
    (isAmount(table, column) || kinds.every((kind) => kind === 'min' || kind === 'max'))
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
      if (targets.length > 0 || isNumeric(column.column) || isKey(column.table, column.column))
        break
      reading.doubts.push(0.8)
    }
    if (measure !== undefined) targets.push(measure)
    else if (column !== undefined) targets.push(columnExpression(column))
    use(reading.items[at])
    if (measure !== undefined) break
  }
  use(...reading.items.slice(index, index + kinds.length))
  if (targets.length === 0) {
    const table = countedTable(reading, at)
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
