import type { CatalogTable } from '@t2t/sql-guard'
import { findColumn, findTable } from '../../schema/find.ts'
import type { Relation } from './sql/blocks.ts'
import type { Edit } from './sql/lex.ts'
import { is } from './sql/lex.ts'
import { scopesOf, tableOf, type Statement } from './sql/references.ts'
import type { Repair, RepairStep } from './repair-step.ts'
import { bestOf, isDistinct, isTypingError, similarityOf } from './similarity.ts'
import { quoted } from './sql/write.ts'

/** Tables that are looked for in one statement. */
const maxTables = 16

/** Replaces tables that do not exist by those that were meant. */
export function repairTables(statement: Statement): RepairStep | undefined {
  const { catalog, tokens, commonTables } = statement
  const edits: Edit[] = []
  const repairs: Repair[] = []
  for (const relation of statement.blocks.flatMap(({ relations }) => relations)) {
    const { table: name } = relation
    const isKnown =
      name === undefined || commonTables.has(name) || tableOf(relation, statement) !== undefined
    if (isKnown) continue
    const last = tokens[relation.name.to - 1]
    const first = tokens[relation.name.from]
    if (last === undefined || first === undefined) continue
    if (repairs.length === maxTables) return undefined
    const meant = tableByName(name, catalog.tables) ?? tableByColumns(relation, statement)
    if (meant === undefined) continue
    const by = quoted(meant.table.name, catalog.dialect)
    edits.push({ start: first.start, end: last.end, text: by })
    repairs.push({ kind: 'table-unknown', name: last.text, by, certainty: meant.certainty })
    if (relation.alias !== relation.table) continue
    for (const [at, token] of tokens.entries()) {
      const isQualifier = token.name === relation.alias && is(tokens[at + 1], '.')
      if (isQualifier && token.kind !== 'string' && at !== relation.name.from)
        edits.push({ start: token.start, end: token.end, text: by })
    }
  }
  return edits.length === 0 ? undefined : { edits, repairs }
}

type Meant = { readonly table: CatalogTable; readonly certainty: Repair['certainty'] }

function tableByName(name: string, tables: readonly CatalogTable[]): Meant | undefined {
  const best = bestOf(tables, (table) => similarityOf(name, table.name))
  if (best === undefined) return undefined
  return {
    table: best.value,
    certainty: isTypingError(name, best.value.name) ? 'sure' : 'likely',
  }
}

/**
 * The table that has most of the columns which the statement reads from the unknown one; of several,
 * the one that the question speaks of and the statement does not read yet.
 */
function tableByColumns(relation: Relation, statement: Statement): Meant | undefined {
  const names = new Set<string>()
  for (const { block, qualifier, name, from } of statement.references) {
    const relations = scopesOf(block)[0] ?? []
    const isOnly = relations.length === 1 && relations[0] === relation
    if (qualifier === relation.alias || (qualifier === undefined && isOnly && from >= 0))
      names.add(name)
  }
  const { catalog, likelyTables } = statement
  const taken = new Set(
    statement.blocks.flatMap(({ relations }) =>
      relations.flatMap(({ table: name }) =>
        name === undefined
          ? []
          : [(findTable(catalog, name) ?? tableByName(name, catalog.tables)?.table)?.name],
      ),
    ),
  )
  const fit = (table: CatalogTable): number =>
    [...names].filter((name) => findColumn(table, name) !== undefined).length
  const most = Math.max(0, ...catalog.tables.map(fit))
  if (most === 0 || most * 2 < names.size) return undefined
  const fitting = catalog.tables.filter((table) => fit(table) === most)
  const free = fitting.filter((table) => !taken.has(table.name))
  const isWhole = most === names.size && (most > 1 || [...names].some(isDistinct))
  const [asked, other] = free.filter(({ name }) => statement.isInQuestion(name))
  const [only] = fitting.length === 1 ? fitting : other === undefined ? [asked] : []
  if (only !== undefined) return { table: only, certainty: isWhole ? 'likely' : 'guess' }
  const table = likelyTables().find((one) => free.includes(one))
  return table === undefined ? undefined : { table, certainty: 'guess' }
}
