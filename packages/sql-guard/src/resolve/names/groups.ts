import type { CallExpression, ColumnExpression } from '../../dialect/tree.ts'
import type { Context, Position } from '../context.ts'
import type { Reads } from '../reads.ts'
import { columnsNamed, type Relation, type Scope, type Source } from '../relation.ts'
import { findRelations, findSources, quotedName } from './names.ts'
import { isOurs } from './note.ts'

/** Aggregates that tell no value of a single row: a least or a greatest one would. */
const aggregates: ReadonlySet<string> = new Set(['count', 'sum', 'avg', 'total'])

/** Functions that give several rows for one, wherever an expression may stand. */
const repeating: ReadonlySet<string> = new Set(
  `arrayJoin unnest generate_series generate_subscripts regexp_matches regexp_split_to_table string_to_table
  json_array_elements json_array_elements_text json_each json_each_text json_object_keys json_populate_recordset
  json_to_recordset jsonb_array_elements jsonb_array_elements_text jsonb_each jsonb_each_text jsonb_object_keys
  jsonb_path_query jsonb_path_query_tz jsonb_populate_recordset jsonb_to_recordset ts_parse ts_stat ts_token_type
  pg_get_keywords`.split(/\s+/),
)

/** Statements in which such a function is called outside of `FROM`. */
const repeated = new WeakSet<Reads>()

/** Notes a function that repeats rows: one person's row would make a large group by itself. */
function noteRepeating({ reads }: Context, { name, span }: CallExpression): void {
  repeated.add(reads)
  if (reads.groups.every(({ key }) => key !== undefined)) return
  reads.report({
    code: 'construct-refused',
    message: `The function ${name} repeats rows, which must not be beside a column that is read in groups only.`,
    span,
    subject: name,
  })
}

/**
 * Notes an aggregate on a column that may only be read in groups, and says whether it is one. The
 * rewriting shows its value for large groups only, wherever in the statement it is used.
 *
 * The column must stand by itself, as must the call: a condition in either picks single rows out of
 * a large group.
 */
export function groupedCall(context: Context, call: CallExpression, position: Position): boolean {
  const { access, reads } = context
  if (access?.blocksColumns !== true || isOurs(context, call.span)) return false
  if (repeating.has(call.name) && position.clause !== 'from') {
    noteRepeating(context, call)
    return false
  }
  const argument = onlyColumn(call)
  if (argument === undefined) return false
  const [source, second] = findSources(context, argument, position) ?? []
  if (source === undefined || second !== undefined) return false
  const { table, column } = source
  const sizes = access.groupsOf(table.schema, table.name, column)
  const isHidden =
    access.blocksColumn(table.schema, table.name, column) ||
    access.maskOf(table.schema, table.name, column) !== undefined
  const relation = relationOf(context, argument, position.scope, source)
  if (sizes.length === 0 || isHidden || relation?.alias === undefined) return false
  // A join may repeat the row of one person until it outweighs all others.
  const isAlone = position.scope.relations.length === 1 && !repeated.has(reads)
  const key = isAlone ? undefined : context.tables?.keyOf(table)
  if (!isAlone && key === undefined) return false
  const counted = [key, ...sizes.map(({ of }) => of)].filter((each) => each !== undefined)
  if (!counted.every((each) => isItself(context, relation, each))) return false

  reads.column(source, position.use)
  const alias = relation.written ?? relation.alias
  reads.groups.push({
    call,
    argument,
    text: quotedName(context, argument, position.scope),
    sizes,
    table,
    alias,
    key,
    isItem: false,
  })
  return true
}

/** Whether a name means the column of the table, and not another one that an alias calls so. */
function isItself(context: Context, { table, columns, rest }: Relation, name: string): boolean {
  if (rest !== undefined) return true
  const [column, second] = columnsNamed(columns, context.traits.fold(name))
  const [source] = column?.sources ?? []
  return (
    second === undefined &&
    source?.column === name &&
    source.table.schema === table?.schema &&
    source.table.name === table.name
  )
}

/** The column that is all that an aggregate is called with. */
function onlyColumn(call: CallExpression): ColumnExpression | undefined {
  const [argument, second] = call.args
  const isPlain =
    (call.schema === undefined || call.schema === 'pg_catalog') &&
    aggregates.has(call.name) &&
    call.order.length === 0 &&
    call.filter === undefined &&
    call.over === undefined
  return isPlain && argument?.kind === 'column' && second === undefined ? argument : undefined
}

/** The table of this very level that a column is read of, where it is one and no view. */
function relationOf(
  context: Context,
  { parts }: ColumnExpression,
  scope: Scope,
  { table }: Source,
): Relation | undefined {
  const key = parts.at(-1) ?? ''
  const named =
    parts.length > 1
      ? findRelations(context, parts.slice(0, -1), scope)
      : scope.relations.filter(
          ({ columns, rest }) => columnsNamed(columns, key).length > 0 || rest !== undefined,
        )
  const [relation, second] = named.filter((each) => scope.relations.includes(each))
  const isTable =
    relation?.table !== undefined &&
    relation.table.isView === undefined &&
    relation.table.schema === table.schema &&
    relation.table.name === table.name
  return isTable && second === undefined ? relation : undefined
}
