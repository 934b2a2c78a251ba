import type { FromTable } from '../../dialect/tree.ts'
import { type Access, limitsColumn } from '../../policy/access.ts'
import type { CommonTables, CommonTableEntry } from './common-tables.ts'
import { checkLate } from './late-names.ts'
import { nearTables } from '../names/candidates.ts'
import { type Context, readAll } from '../context.ts'
import { isOurs, refuseUntraceable } from '../names/note.ts'
import {
  type BaseTable,
  type Column,
  nothing,
  type Outcome,
  type Relation,
  renamed,
  type Scope,
} from '../relation.ts'
import type { KnownTable } from './tables.ts'

/** Resolves a name in `FROM`: a common table, a table or a view. */
export function resolveTable(
  context: Context,
  item: FromTable,
  commonTables: CommonTables,
  outer: Scope | undefined,
): Relation {
  const name = item.path.at(-1) ?? ''
  const folded = context.traits.fold(name)
  const entry = item.path.length === 1 ? commonTables.find(folded) : undefined
  if (entry === 'unsure') {
    context.reads.report({
      code: 'construct-refused',
      message: `The common table ${name} must be written before the one that reads it.`,
      span: item.span,
      subject: name,
    })
  } else if (entry !== undefined) {
    const relation = commonRelation(context, item, entry)
    checkLate(context, outer, item.span)
    return relation
  }
  if (item.path.length > 2) {
    context.reads.report({
      code: 'table-refused',
      message: 'Names of tables must not name a database.',
      span: item.span,
      subject: item.path.join('.'),
    })
  }
  return baseRelation(context, item, item.path.length > 1 ? item.path.at(-2) : undefined, name)
}

function commonRelation(context: Context, item: FromTable, entry: CommonTableEntry): Relation {
  const outcome = resolveEntry(context, entry, item)
  return {
    alias: item.alias ?? entry.table.name,
    written: item.writtenAlias ?? item.alias ?? item.path.at(-1),
    table: undefined,
    opens: [],
    isNamed: true,
    columns: renamed(outcome.columns, item.columns),
    rest: outcome.rest,
    rowId: undefined,
  }
}

/** The columns of a common table; resolves it when it was not needed before. */
export function resolveEntry(context: Context, entry: CommonTableEntry, item?: FromTable): Outcome {
  if (entry.state === 'new') {
    entry.state = 'resolving'
    const outcome = context.query(entry.table.query, entry.sees, entry.outer, (first) => {
      // A recursive part sees the columns that the part before it gives.
      entry.outcome = named(entry, first)
    })
    const scope: Scope = { ...nothing, outer: undefined, commonTables: entry.sees, aliases: [] }
    readAll(context, entry.table.marks ?? [], { scope, use: 'filter', clause: 'other' })
    entry.outcome = named(entry, outcome)
    entry.state = 'resolved'
  }
  if (entry.outcome === undefined) {
    context.reads.report({
      code: 'construct-refused',
      message: `The common table ${entry.table.name} refers to itself before it has any columns.`,
      span: item?.span ?? entry.table.span,
      subject: entry.table.name,
    })
    return { columns: [], rest: undefined, scopes: [] }
  }
  return entry.outcome
}

function named({ table }: CommonTableEntry, outcome: Outcome): Outcome {
  const added = table.addedColumns.map((name): Column => ({ key: name, name, sources: [] }))
  return { ...outcome, columns: [...renamed(outcome.columns, table.columns), ...added] }
}

function baseRelation(
  context: Context,
  item: FromTable,
  schema: string | undefined,
  name: string,
): Relation {
  const { traits, tables, access } = context
  const known =
    traits.isSystemTable(name) && schema === undefined
      ? undefined
      : tables?.find(schema, name, context.readView, item.isOnly)
  const base: BaseTable = known?.base ?? {
    schema: schema ?? context.searchPath[0] ?? '',
    name,
  }
  const isRefused =
    access !== undefined &&
    !access.allowsTable(base.schema, base.name) &&
    !isOurs(context, item.span)
  const isUnknown = tables !== undefined && known === undefined
  if (isRefused || isUnknown) {
    const subject = item.path.join('.')
    context.reads.report({
      code: isRefused ? 'table-refused' : 'table-unknown',
      message: isRefused
        ? `The table ${subject} must not be read.`
        : `There is no table ${subject}.`,
      span: item.span,
      subject,
      candidates: nearTables(context, name),
    })
  }
  if (known !== undefined) checkBehind(context, item, known)
  if (item.picksRows === true) checkPicked(context, base, item.span)
  context.reads.named(base)
  for (const table of known?.behind ?? []) context.reads.table(table)
  // A view of a view gives away what the inner one does.
  if (access === undefined) {
    for (const source of known?.decisive ?? []) context.reads.column(source, 'filter')
  }
  context.reads.references.push({
    table: base,
    span: item.span,
    isNamed: item.alias !== undefined,
  })
  // Without a catalog, another name for a column hides which one it is.
  if (known === undefined && item.columns.length > 0) refuseUntraceable(context, base, item.span)
  return {
    alias: item.alias ?? traits.fold(name),
    written: item.writtenAlias ?? item.alias ?? name,
    table: base,
    opens: known === undefined ? [base] : [],
    isNamed: item.alias !== undefined,
    columns: known === undefined ? [] : renamed(known.columns, item.columns),
    rest: known === undefined ? openColumns(base) : undefined,
    rowId: known?.rowId,
    hidden: known?.hidden,
  }
}

/** An index or a part that the text names may be made of any column of the table. */
function checkPicked({ access, reads }: Context, table: BaseTable, span: FromTable['span']): void {
  if (access?.hidesColumnOf(table.schema, table.name) !== true) return
  reads.report({
    code: 'column-untraceable',
    message: `An index or a part of ${table.name} tells about columns that must not be read; leave it out.`,
    span,
    subject: table.name,
  })
}

/** Columns of a table of which only the name is known: any name may be one. */
function openColumns(table: BaseTable): (key: string) => Column {
  const columns = new Map<string, Column>()
  return (key) => {
    let column = columns.get(key)
    if (column === undefined) {
      column = { key, name: key, sources: [{ table, column: key }] }
      columns.set(key, column)
    }
    return column
  }
}

/** Why a table of the catalog cannot be read although its own name may be. */
type Hindrance = 'blocked' | 'blocked part' | 'tells' | 'untraceable'

/**
 * A view gives away what it reads, so its tables must not be blocked, and it must be readable. A
 * hidden column may be one of its columns, which are checked where they are named, and nothing else.
 * With a table, the rows of its parts are read.
 */
export function hindranceOf(access: Access, known: KnownTable): Hindrance | undefined {
  const { schema: ownSchema, name: ownName, isView } = known.base
  const own = access.filtersOf(ownSchema, ownName)
  const isBlocked = known.behind.some(
    ({ schema, name }) =>
      access.blocksTable(schema, name) ||
      access.filtersOf(schema, name).some((filter) => isView === true || !own.includes(filter)),
  )
  if (isBlocked) return isView === true ? 'blocked' : 'blocked part'
  const tells = known.decisive.some((source) => limitsColumn(access, source))
  if (tells) return 'tells'
  const isUntraceable =
    known.isOpaque &&
    (access.blocksColumns || access.blocksTables) &&
    !access.namesTableItself(known.base.schema, known.base.name)
  return isUntraceable ? 'untraceable' : undefined
}

function checkBehind({ access, reads }: Context, item: FromTable, known: KnownTable): void {
  const hindrance = access === undefined ? undefined : hindranceOf(access, known)
  if (hindrance === undefined) return
  const { name } = known.base
  const messages: Readonly<Record<Hindrance, string>> = {
    blocked: `The view ${name} reads a table that must not be read through it.`,
    'blocked part': `With ${name}, rows are read that must not be; write ONLY before it.`,
    tells: `What the view ${name} gives depends on a column that must not be read; leave it out.`,
    untraceable: `What the view ${name} reads is not known; allow it by name or leave it out.`,
  }
  reads.report({
    code: 'table-refused',
    message: messages[hindrance],
    span: item.span,
    subject: item.path.join('.'),
  })
}
