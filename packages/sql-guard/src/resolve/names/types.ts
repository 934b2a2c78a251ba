import type { CastExpression } from '../../dialect/tree.ts'
import type { Context } from '../context.ts'

/** Refuses a cast to a type that looks things up, or that is the row of a table out of reach. */
export function checkType(context: Context, { type, span }: CastExpression): void {
  const { access, traits } = context
  if (access === undefined) return
  const name = type.replace(/^pg_catalog\./, '')
  // The type of a list has the name of its elements with a line before it.
  if (traits.refusedTypes.has(name.replace(/^_/, ''))) {
    context.reads.report({
      code: 'function-refused',
      message: `A cast to ${name} looks names up in the system catalog; leave it out.`,
      span,
      subject: name,
    })
  } else if (traits.safeTypes !== undefined && !traits.safeTypes.has(name)) {
    if (mayBeCastTo(context, type)) return
    context.reads.report({
      code: 'table-refused',
      message: `The type ${name} is not known, or it is a table that must not be read.`,
      span,
      subject: name,
    })
  }
}

/** Whether a type is one of the database that tells nothing; a table is read by its type. */
function mayBeCastTo(context: Context, type: string): boolean {
  const { access, tables, searchPath } = context
  const [name = '', schema] = type.split('.').toReversed()
  // The type of a list of rows is the table's with a line before it.
  const names = [...new Set([name, name.replace(/^_/, '')])]
  if (access === undefined || access.allowsFunction(schema, name)) return true
  if (tables === undefined) {
    const schemas = schema === undefined ? searchPath : [schema]
    return schemas.every((each) => names.every((one) => access.allowsTable(each, one)))
  }
  const [known] = names.flatMap((one) => tables.find(schema, one, context.readView) ?? [])
  if (known === undefined) return names.some((one) => tables.hasType(one))
  const { schema: inSchema, name: table } = known.base
  if (!access.allowsTable(inSchema, table) || access.hidesColumnOf(inSchema, table)) return false
  context.reads.named(known.base)
  return true
}
