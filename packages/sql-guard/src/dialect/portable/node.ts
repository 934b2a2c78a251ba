import type { Cursor } from './text/cursor.ts'

/** A node of the parser's tree, which is taken for nothing until it is looked at. */
export type Node = Readonly<Record<string, unknown>>

/** Where the parser puts positions and lists that nothing here relies on. */
const unused = new Set(['loc', 'tableList', 'columnList', 'parentheses'])

export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The value as a node; anything else is not what the text says. */
export function nodeOf(value: unknown, cursor: Cursor): Node {
  return isNode(value) ? value : cursor.fail()
}

export function listOf(value: unknown, cursor: Cursor): readonly Node[] {
  if (!Array.isArray(value)) return cursor.fail()
  return value.map((item) => nodeOf(item, cursor))
}

/** Refuses a node that says more than these fields do. */
export function closed(node: Node, fields: readonly string[], cursor: Cursor): void {
  for (const [name, value] of Object.entries(node)) {
    if (!fields.includes(name) && !unused.has(name) && !isEmpty(value)) cursor.fail()
  }
}

export function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === '') return true
  if (Array.isArray(value)) return value.every(isEmpty)
  return isNode(value) && Object.values(value).every(isEmpty)
}

/** A name, however the parser wraps it. */
export function nameOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  if (!isNode(value)) return undefined
  if (value['type'] === 'column_ref') return nameOf(value['column'])
  return nameOf(value['expr'] ?? value['value'])
}
