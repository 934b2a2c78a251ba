import type { CastExpression } from '../../dialect/tree.ts'
import type { Context } from '../context.ts'
import type { CastChecker } from './own-rules.ts'

/** Lower-case names of types. */
interface Types {
  /** They must not be cast to, since the cast looks things up. */
  readonly refused: ReadonlySet<string>
  /** The engine's own; any other one may be the row of a table. */
  readonly safe: ReadonlySet<string>
}

/** The rules of an engine in which every table is a type. */
export function tableTypes(types: Types): CastChecker {
  return { kind: 'tables', check: (context, cast) => checkType(context, cast, types) }
}

/** Refuses a cast to a type that looks things up, or that is the row of a table out of reach. */
function checkType(context: Context, { type, span }: CastExpression, types: Types): void {
  if (context.access === undefined) return
  const name = type.replace(/^pg_catalog\./, '')
  // The type of a list has the name of its elements with a line before it.
  if (types.refused.has(name.replace(/^_/, ''))) {
    context.reads.report({
      code: 'function-refused',
      message: `A cast to ${name} looks names up in the system catalog; leave it out.`,
      span,
      subject: name,
    })
  } else if (!types.safe.has(name)) {
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
