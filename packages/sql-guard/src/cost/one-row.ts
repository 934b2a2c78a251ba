import type { Expression, Query } from '../dialect/tree.ts'

const aggregates: ReadonlySet<string> = new Set(
  `any_value array_agg avg bit_and bit_or bool_and bool_or corr count every group_concat max median min
  percentile_cont percentile_disc stddev stddev_pop stddev_samp std string_agg sum total var_pop var_samp
  variance json_agg jsonb_agg json_arrayagg json_group_array mode`.split(/\s+/),
)

/** Whether a query gives few rows by its own form: an aggregate, a limit of one, or constants. */
export function hasOneRow({ body, limit }: Query): boolean {
  if (limit?.kind === 'literal' && limit.integer !== undefined && limit.integer <= 1) return true
  switch (body.kind) {
    case 'values':
      return true
    case 'set-operation':
      return body.parts.every(hasOneRow)
    case 'select':
      return (
        body.from.length === 0 ||
        (body.group.length === 0 && body.items.some(({ expression }) => aggregatesRows(expression)))
      )
  }
}

function aggregatesRows(expression: Expression): boolean {
  switch (expression.kind) {
    case 'call': {
      const { name, args, over } = expression
      const isAggregate = aggregates.has(name) && over === undefined
      const isScalar = ['max', 'min'].includes(name) && args.length > 1
      return (isAggregate && !isScalar) || args.some(aggregatesRows)
    }
    case 'operator':
      return expression.operands.some(aggregatesRows)
    case 'cast':
    case 'field':
      return aggregatesRows(expression.operand)
    default:
      return false
  }
}
