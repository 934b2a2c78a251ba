import { isAggregate, type Condition, type Expression, type Query } from './query.ts'

/** Says in words what a query computes, so that a person can see how the question was read. */
export function describeQuery(query: Query): string {
  const outputs = query.outputs.map(describe).join(', ')
  const groups = query.groups.length > 0 ? ` for each ${query.groups.map(describe).join(', ')}` : ''
  const conditions = [...query.where, ...query.having].map(describeCondition)
  const where = conditions.length > 0 ? `, where ${conditions.join(' and ')}` : ''
  const order = query.order.map(({ by, direction }) => `${describe(by)} ${direction}`)
  const ordered = order.length > 0 ? `, ordered by ${order.join(', ')}` : ''
  const limit = query.limit === undefined ? '' : `, the first ${query.limit}`
  const verb = query.outputs.some(isAggregate)
    ? 'Computes'
    : query.isDistinct
      ? 'Lists the distinct'
      : 'Lists'
  return `${verb} ${outputs}${groups}${where}${ordered}${limit}.`
}

const folds = { sum: 'the sum of', avg: 'the average of', min: 'the smallest', max: 'the largest' }

function describe(expression: Expression): string {
  switch (expression.kind) {
    case 'column':
      return `${expression.table.name}.${expression.column.name}`
    case 'measure':
      return expression.name
    case 'count':
      return `the number of ${expression.table.name}`
    case 'count-distinct':
      return `the number of distinct ${describe(expression.of)}`
    case 'aggregate':
      return `${folds[expression.aggregate]} ${describe(expression.of)}`
    case 'bucket':
      return `${expression.unit} of ${describe(expression.of)}`
  }
}

const operators = {
  '=': 'is',
  '<>': 'is not',
  '<': 'is below',
  '<=': 'is at most',
  '>': 'is above',
  '>=': 'is at least',
}

const places = { inside: 'in it', start: 'at its start', end: 'at its end' }

/** Says in words what rows must obey. */
export function describeCondition(condition: Condition): string {
  switch (condition.kind) {
    case 'compare':
      return `${describe(condition.left)} ${operators[condition.operator]} ${condition.value}`
    case 'in':
      return `${describe(condition.left)} is one of ${condition.values.join(', ')}`
    case 'between':
      return `${describe(condition.left)} is between ${condition.low} and ${condition.high}`
    case 'like':
      return `${describe(condition.left)} ${condition.isNegated ? 'does not have' : 'has'} "${condition.text}" ${places[condition.place]}`
    case 'than-average':
      return `${describe(condition.left)} ${operators[condition.operator]} its average`
    case 'within': {
      const inner = condition.where.map(describeCondition).join(' and ')
      return `${describe(condition.left)} is ${condition.isNegated ? 'none' : 'one'} of those where ${inner}`
    }
    case 'any':
      return condition.of.map(describeCondition).join(' or ')
    case 'without':
      return [
        `there are no ${condition.other.name} for ${condition.table.name}`,
        ...(condition.where ?? []).map(describeCondition),
      ].join(' whose ')
    case 'time': {
      const { start, end } = condition.range
      const parts = [
        start === undefined ? '' : `from ${start}`,
        end === undefined ? '' : `before ${end}`,
      ]
      return `${describe(condition.left)} is ${parts.filter((part) => part !== '').join(' and ')}`
    }
  }
}
