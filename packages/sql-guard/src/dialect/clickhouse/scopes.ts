import { refuse } from '../refusal.ts'
import type { NamedExpression, Query, Statement } from '../tree.ts'

/**
 * Checks that names mean the same wherever ClickHouse looks them up.
 *
 * It resolves the text of a common table and of an alias where they are used, not where they are
 * written, so that names in them can be caught by others. A statement is refused where a table name
 * could be; aliases that are defined twice are marked, so that only their own select may use them.
 */
export function checkScopes(statement: Statement, members: readonly string[]): void {
  if (statement.kind === 'explain') checkScopes(statement.statement, members)
  if (statement.kind !== 'query') return
  const found: Found = { commonTables: new Set(), aliases: new Map(), tableAliases: new Set() }
  collect(statement.query, found)
  for (const name of members) {
    if (found.aliases.has(name) || found.tableAliases.has(name)) {
      refuse(
        'construct-refused',
        `The name ${name} after IN is also an alias; write a subquery instead.`,
        statement.span,
        name,
      )
    }
  }
  if (found.commonTables.size > 0) checkTables(statement.query, found, new Set())
}

interface Found {
  readonly commonTables: Set<string>
  readonly aliases: Map<string, NamedExpression>
  readonly tableAliases: Set<string>
}

/** Every object of the tree, which is plain data. */
function collect(node: unknown, found: Found): void {
  if (typeof node !== 'object' || node === null) return
  if (Array.isArray(node)) {
    for (const each of node) collect(each, found)
    return
  }
  if ('addedColumns' in node && 'name' in node && typeof node.name === 'string') {
    found.commonTables.add(node.name)
  }
  if (isNamed(node)) {
    const known = found.aliases.get(node.name)
    if (known === node) return
    if (known === undefined) found.aliases.set(node.name, node)
    else known.isOnly = node.isOnly = false
    // What has its alias inside of the select stands there, too.
    if (!node.isApart) return
  }
  const isFrom = 'kind' in node && ['table', 'subquery', 'function'].includes(String(node.kind))
  if (isFrom && 'alias' in node && typeof node.alias === 'string')
    found.tableAliases.add(node.alias)
  for (const each of Object.values(node)) collect(each, found)
}

function isNamed(node: object): node is NamedExpression {
  return 'isApart' in node
}

function refuseTwice(name: string): never {
  return refuse(
    'construct-refused',
    `A common table is called ${name} within reach of another; give each a name of its own.`,
    { start: 0, end: 0 },
    name,
  )
}

/**
 * A name of a common table must mean that table wherever it stands, but in the table's own text,
 * where it means what is outside.
 */
function checkTables(node: unknown, found: Found, visible: ReadonlySet<string>): void {
  if (typeof node !== 'object' || node === null) return
  if (Array.isArray(node)) {
    for (const each of node) checkTables(each, found, visible)
    return
  }
  if (isNamed(node) && !node.isApart) return
  if (isQuery(node)) {
    let inside = visible
    for (const table of node.with) {
      if (inside.has(table.name)) refuseTwice(table.name)
      // In its own text, the name is settled: it is the table outside, or the recursion.
      inside = new Set([...inside, table.name])
      checkTables(table.query, found, inside)
    }
    checkTables({ ...node, with: [], isChecked: true }, found, inside)
    return
  }
  if ('path' in node && Array.isArray(node.path) && node.path.length === 1) {
    const name = String(node.path[0])
    if (found.commonTables.has(name) && !visible.has(name)) {
      refuse(
        'construct-refused',
        `The name ${name} is a common table elsewhere in the text; give that one another name.`,
        { start: 0, end: 0 },
        name,
      )
    }
  }
  for (const each of Object.values(node)) checkTables(each, found, visible)
}

function isQuery(node: object): node is Query {
  return 'with' in node && 'isRecursive' in node && !('isChecked' in node)
}
