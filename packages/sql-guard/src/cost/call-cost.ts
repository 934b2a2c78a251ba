import type { CallExpression } from '../dialect/tree.ts'
import type { Span } from '../guard/verdict.ts'
import type { Context } from '../resolve/context.ts'
import type { Scope } from '../resolve/relation.ts'

/** Refuses a call whose constants alone make it too large for the engine. */
export function checkCallCost(context: Context, call: CallExpression, scope: Scope): void {
  const { limits, reads, traits } = context
  if (context.access === undefined) return
  const { name, span } = call
  const cost = traits.costOf(call)
  if (cost.generatedRows !== undefined) {
    reads.generatedRows *= cost.generatedRows
    const isUnbounded = limits.generators === 'constant' && cost.hasConstantBounds !== true
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
  if (cost.hasComputedFormat === true) {
    const message = `The format of ${name} must be a constant.`
    reads.report({ code: 'limit-exceeded', message, span, subject: name })
  }
  checkBuiltBytes(context, cost.builtBytes ?? 0, { name, span }, scope)
}

/** Rows of a query of which no more is known, as far as the texts that it builds are concerned. */
const plausibleRows = 100

/** Refuses a statement that builds too large texts out of constants, once or in every row. */
export function checkBuiltBytes(
  { access, limits, reads }: Context,
  bytes: number,
  { name, span }: { readonly name: string; readonly span: Span },
  scope: Scope,
): void {
  const isSaid = reads.builtBytes > limits.maxBuiltBytes
  if (access === undefined || bytes === 0 || isSaid) return
  reads.builtBytes += bytes * (isRepeated(scope) ? plausibleRows : 1)
  if (reads.builtBytes <= limits.maxBuiltBytes) return
  reads.report({
    code: 'limit-exceeded',
    message: `With ${name}, texts of more than ${limits.maxBuiltBytes} bytes may be built here.`,
    span,
    subject: name,
  })
}

function isRepeated(scope: Scope): boolean {
  for (let level: Scope | undefined = scope; level !== undefined; level = level.outer) {
    if (level.relations.length > 0) return true
  }
  return false
}
