import type { CallExpression } from '../dialect/tree.ts'
import type { Context } from '../resolve/context.ts'
import { generatedRows, hasConstantBounds, isGenerator } from './generators.ts'
import { callBytes, hasComputedFormat } from './size.ts'

/** Refuses a call whose constants alone make it too large for the engine. */
export function checkCallCost(context: Context, { name, args, span }: CallExpression): void {
  const { limits, reads } = context
  if (context.access === undefined || args.length === 0) return
  if (isGenerator(name)) {
    reads.generatedRows *= generatedRows(args)
    const isUnbounded = limits.generators === 'constant' && !hasConstantBounds(args)
    if (isUnbounded || reads.generatedRows > limits.maxGeneratedRows) {
      reads.report({
        code: 'limit-exceeded',
        message: isUnbounded
          ? `The bounds of ${name} must be constants.`
          : `This would generate more than ${limits.maxGeneratedRows} rows; use fewer or larger steps.`,
        span,
        subject: name,
      })
    }
    return
  }
  // MySQL's FORMAT takes a number of digits, which the server itself bounds.
  const isNumeric = name === 'format' && context.traits.lexis.isMysql
  const isComputed = !isNumeric && hasComputedFormat(name, args)
  const bytes = callBytes(name, args) ?? 0
  if (isComputed || bytes > limits.maxBuiltBytes) {
    reads.report({
      code: 'limit-exceeded',
      message: isComputed
        ? `The format of ${name} must be a constant.`
        : `The text that ${name} builds here may have more than ${limits.maxBuiltBytes} bytes.`,
      span,
      subject: name,
    })
  }
}
