import type { CallCost } from '../dialect/dialect.ts'
import type { CallExpression } from '../dialect/tree.ts'
import { generatedRows, hasConstantBounds, isGenerator } from './generators.ts'
import { callBytes, hasComputedFormat } from './size.ts'

/** What a call costs, by the names that the engines' own functions have. */
export function costOfCall({ name, args }: CallExpression): CallCost {
  if (args.length === 0) return {}
  if (isGenerator(name)) {
    return { generatedRows: generatedRows(args), hasConstantBounds: hasConstantBounds(args) }
  }
  return { builtBytes: callBytes(name, args), hasComputedFormat: hasComputedFormat(name, args) }
}
