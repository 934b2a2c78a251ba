import type { CatalogColumn, CatalogTable } from '@t2t/sql-guard'
import { findColumn } from '../../schema/find.ts'
import { wordsOf } from '../../schema/identifier.ts'
import { joinsOf } from '../../schema/join-path.ts'
import { displayColumn } from '../../schema/traits.ts'
import { canHold, constantsBeside, isKnownIn } from './fit.ts'
import type { Relation } from './sql/blocks.ts'
import { is, type SqlToken } from './sql/lex.ts'
import { scopesOf, tableOf, type Reference, type Statement } from './sql/references.ts'
import type { Repair } from './repair-step.ts'
import { bestOf, isDistinct, isSameForm, isTypingError, similarityOf } from './similarity.ts'
import { qualified } from './sql/write.ts'
import { byOtherRole, elsewhere, joined } from './unread.ts'

/** How a reference is to be written instead, and what is joined for it. */
export interface Meant {
  readonly by: string
  readonly certainty: Repair['certainty']
  readonly join?:
    | {
        readonly after: Relation
        readonly text: string
        readonly tables: readonly CatalogTable[]
      }
    | undefined
}

/** `T.x` where nothing is called T: the table under its alias, else a table to join. */
export function unreadTable(reference: Reference, statement: Statement): Meant | undefined {
  const { qualifier = '', name, block } = reference
  const table = bestOf(
    statement.catalog.tables,
    (one) => similarityOf(qualifier, one.name),
    0.99,
  )?.value
  if (table === undefined) return missing({ ...reference, qualifier: undefined }, statement)
  for (const relations of scopesOf(block)) {
    const relation = relations.find((one) => tableOf(one, statement) === table)
    if (relation !== undefined)
      return {
        by: qualified(relation, nameIn(relation, name, statement), statement),
        certainty: 'sure',
      }
  }
  return joined(table, name, block, statement)
}

/** A column that no table of the statement has under that name. */
export function missing(reference: Reference, statement: Statement): Meant | undefined {
  const { qualifier, name, block } = reference
  const relations = scopesOf(block).flat()
  const named =
    qualifier === undefined
      ? (scopesOf(block)[0] ?? [])
      : relations.filter(({ alias }) => alias === qualifier)
  const constants = constantsBeside(reference, statement)
  const isNameElsewhere = statement.catalog.tables.some(
    (table) => findColumn(table, name) !== undefined,
  )
  const isSame = isNameElsewhere ? isSameForm : isTypingError
  return (
    similarIn(named, name, statement, constants, isSame, 'sure') ??
    (qualifier === undefined ? undefined : ownKey(named, name, statement)) ??
    byOtherRole(reference, statement) ??
    exactIn(relations, name, statement) ??
    equalByKey(named.length > 0 ? named : relations, name, statement) ??
    byRole(named, name, statement, constants) ??
    (isDistinct(name) ? elsewhere(reference, statement, 1) : undefined) ??
    similarIn(named, name, statement, constants, () => true, 'likely') ??
    similarIn(relations, name, statement, constants, () => true, 'likely') ??
    elsewhere(reference, statement, 3) ??
    constant(reference, statement)
  )
}

/** `T.id` is the key of `T`, whatever else is called so. */
function ownKey(
  relations: readonly Relation[],
  name: string,
  statement: Statement,
): Meant | undefined {
  return name === 'id' ? byRole(relations, name, statement, []) : undefined
}

/** `id` is the key of the only table, and `name` or `title` what its rows are known by. */
function byRole(
  relations: readonly Relation[],
  name: string,
  statement: Statement,
  constants: readonly SqlToken[],
): Meant | undefined {
  const [relation, second] = relations
  const table = relation === undefined ? undefined : tableOf(relation, statement)
  if (relation === undefined || second !== undefined || table === undefined) return undefined
  const endsSo = (column: CatalogColumn, word: string): boolean =>
    wordsOf(column.name).at(-1) === word && canHold(column, constants)
  const [key, composite] = table.primaryKey
  const named = table.columns.filter((column) => endsSo(column, name))
  const keyColumn = composite === undefined ? findColumn(table, key ?? '') : undefined
  const owner = wordsOf(relation.table ?? '')
  const isDisplay =
    ['name', 'title', 'label'].includes(name) || wordsOf(name).every((word) => owner.includes(word))
  const column = isDisplay
    ? displayColumn(table)
    : keyNames.includes(name)
      ? named.length === 1 && name !== 'id'
        ? named[0]
        : keyColumn
      : undefined
  if (column === undefined || !canHold(column, constants)) return undefined
  const alike = table.columns.filter((one) => endsSo(one, wordsOf(column.name).at(-1) ?? ''))
  return {
    by: qualified(relation, column.name, statement),
    certainty: isDisplay && alike.length > 1 ? 'guess' : 'likely',
  }
}

const keyNames = ['id', 'key', 'code']

/** A name beside a comparison that is no column of anything: a constant without its quotes. */
function constant(
  { qualifier, from, to, name, text }: Reference,
  statement: Statement,
): Meant | undefined {
  const { tokens, catalog } = statement
  const isCompared = is(tokens[from - 1], '=', '<>', '!=') && to === from + 1
  const isColumn = catalog.tables.some((table) => findColumn(table, name) !== undefined)
  if (qualifier !== undefined || !isCompared || isColumn) return undefined
  const isQuoted = text.startsWith('"')
  const value = isQuoted ? text.slice(1, -1).replaceAll('""', '"') : text
  const isAsked = statement.isInQuestion(value)
  const by = `'${value.replaceAll("'", "''")}'`
  return { by, certainty: isQuoted || isAsked ? 'likely' : 'guess' }
}

/** A column of another name in some relations. */
function similarIn(
  relations: readonly Relation[],
  name: string,
  statement: Statement,
  constants: readonly SqlToken[],
  isAlike: (written: string, meant: string) => boolean,
  certainty: Repair['certainty'],
): Meant | undefined {
  const places = relations.flatMap((relation) =>
    (tableOf(relation, statement)?.columns ?? [])
      .filter((column) => isAlike(name, column.name) && canHold(column, constants))
      .map((column) => ({ relation, column })),
  )
  const holding = places.filter(({ column }) => isKnownIn(column, constants))
  const best = bestOf(holding.length > 0 ? holding : places, ({ relation, column }) =>
    similarityOf(name, column.name, wordsOf(relation.table ?? '')),
  )
  if (best === undefined) return undefined
  const { relation, column } = best.value
  return { by: qualified(relation, column.name, statement), certainty }
}

/** The same name in another relation of the statement. */
function exactIn(
  relations: readonly Relation[],
  name: string,
  statement: Statement,
): Meant | undefined {
  const holders = relations.filter((relation) => {
    const table = tableOf(relation, statement)
    return table !== undefined && findColumn(table, name) !== undefined
  })
  const plain = holders.filter((relation) => isPlainColumn(relation, name, statement))
  const [relation, second] = plain.length > 0 ? plain : holders
  if (relation === undefined || second !== undefined) return undefined
  return {
    by: qualified(relation, nameIn(relation, name, statement), statement),
    certainty: holders.length === 1 ? 'likely' : 'guess',
  }
}

/** A column that a foreign key sets equal to the missing one of another table. */
export function equalByKey(
  relations: readonly Relation[],
  name: string,
  statement: Statement,
): Meant | undefined {
  for (const relation of relations) {
    const table = tableOf(relation, statement)
    if (table === undefined) continue
    for (const { many, one, columns, references } of joinsOf(statement.catalog)) {
      const at = (many === table ? references : columns).findIndex(
        (column) => column.toLowerCase() === name,
      )
      const column = at < 0 ? undefined : many === table ? columns[at] : references[at]
      if (column !== undefined && (many === table || one === table))
        return { by: qualified(relation, column, statement), certainty: 'likely' }
    }
  }
  return undefined
}

/** A column's name as the table spells it. */
export function nameIn(relation: Relation, name: string, statement: Statement): string {
  const table = tableOf(relation, statement)
  return (table === undefined ? undefined : findColumn(table, name)?.name) ?? name
}

/** Whether a relation has a column that refers to no other table. */
export function isPlainColumn(relation: Relation, name: string, statement: Statement): boolean {
  const table = tableOf(relation, statement)
  return (
    table !== undefined &&
    !table.foreignKeys.some(({ columns }) => columns.some((one) => one.toLowerCase() === name))
  )
}
