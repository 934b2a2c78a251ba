import type { Expression, OperatorExpression, Query } from '@t2t/sql-guard'
import { partsOf, placeOf, type ReadSelect } from './selects.ts'

/** Whether whole numbers are divided by whole numbers, where the engine drops what is left. */
export function dividesWholeNumbers(read: ReadSelect, sql: string): boolean {
  return read.select.items
    .flatMap(({ expression }) => partsOf(expression))
    .some((part) => {
      if (part.kind !== 'operator' || signOf(part, sql) !== '/') return false
      const [left, right] = part.operands
      return isWhole(left, read, sql) && right?.kind !== 'literal' && isWhole(right, read, sql)
    })
}

/** The operator between two operands; of calls, some dialects tell where the name ends alone. */
function signOf({ operands, symbols }: OperatorExpression, sql: string): string | undefined {
  const [left, right, more] = operands
  if (left === undefined || right === undefined || more !== undefined) return undefined
  if (symbols.length > 0) return symbols.join('')
  const between = sql.slice(left.span.end, right.span.start).replaceAll(/\([^()]*\)/g, '')
  return between.replaceAll(/[()\s]/g, '')
}

/** Whether an expression is sure to be a whole number. */
function isWhole(expression: Expression | undefined, read: ReadSelect, sql: string): boolean {
  switch (expression?.kind) {
    case 'literal':
      return expression.integer !== undefined
    case 'column':
      return /^(?:(?:small|big|tiny|medium)?int(?:eger)?\d?|(?:big|small)?serial)\b/i.test(
        placeOf(expression, read)?.column.type ?? '',
      )
    case 'call': {
      if (expression.over !== undefined) return false
      const { name, args } = expression
      return (
        name === 'count' || (['sum', 'min', 'max'].includes(name) && isWhole(args[0], read, sql))
      )
    }
    case 'operator':
      return (
        ['+', '-', '*'].includes(signOf(expression, sql) ?? '') &&
        expression.operands.every((operand) => isWhole(operand, read, sql))
      )
    default:
      return false
  }
}

/** The name of an average that is taken of averages: groups of all sizes count the same. */
export function averageOfAverages({ select, parts }: ReadSelect): string | undefined {
  for (const part of select.items.flatMap(({ expression }) => partsOf(expression))) {
    const [arg] = part.kind === 'call' && part.name === 'avg' ? part.args : []
    if (arg?.kind !== 'column') continue
    const name = arg.parts.at(-1) ?? ''
    const owner = arg.parts.at(-2)?.toLowerCase()
    const queries = [...parts].filter(([alias]) => owner === undefined || alias === owner)
    if (queries.some(([, query]) => isAverage(name, query))) return name
  }
  return undefined
}

function isAverage(name: string, { body }: Query): boolean {
  if (body.kind !== 'select' || body.group.length === 0) return false
  return body.items.some(
    ({ alias, expression }) =>
      alias?.toLowerCase() === name.toLowerCase() &&
      expression.kind === 'call' &&
      expression.name === 'avg',
  )
}
