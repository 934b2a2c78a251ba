import { LineCounter, isMap, isNode, isScalar, isSeq, parseDocument, type Document } from 'yaml'
import { ConfigInvalidError } from '../errors/config-error.ts'
import type { Locate, Position } from './problems.ts'

/** What a YAML text holds, and where. */
export interface YamlText {
  readonly value: unknown
  readonly locate: Locate
}

/** The longest text that is read, in characters. */
const maxLength = 1_048_576

/** Mistakes of one text that are told. */
const maxProblems = 20

/** Levels of one text; one that holds itself has no end of them. */
const maxDepth = 64

/** @throws {@link ConfigInvalidError} when the text is not YAML. Its messages quote nothing. */
export function parseYaml(text: string, source: string | undefined): YamlText {
  if (text.length > maxLength) {
    const message = `is longer than ${maxLength} characters.`
    throw new ConfigInvalidError([{ path: '', message, code: 'unreadable' }], source)
  }
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const positionAt = (offset: number): Position => {
    const { line, col } = lines.linePos(offset)
    return { line, column: col }
  }
  if (document.errors.length > 0) {
    const problems = document.errors.slice(0, maxProblems).map(({ code, pos }) => ({
      path: '',
      // The parser's own words may quote the text, and with it a secret.
      message: `is not YAML: ${code.toLowerCase().replaceAll('_', ' ')}.`,
      code: 'unreadable' as const,
      ...positionAt(pos[0]),
    }))
    throw new ConfigInvalidError(problems, source)
  }
  try {
    const value: unknown = document.toJS({ maxAliasCount: 100 })
    checkDepth(value)
    return { value, locate: (path) => locateIn(document, path, positionAt) }
  } catch {
    const message = 'holds more references than it may, or more levels.'
    throw new ConfigInvalidError([{ path: '', message, code: 'unreadable' }], source)
  }
}

function checkDepth(value: unknown, depth = 0): void {
  if (typeof value !== 'object' || value === null) return
  if (depth > maxDepth) throw new RangeError('It is too deep.')
  for (const item of Object.values(value)) checkDepth(item, depth + 1)
}

function locateIn(
  document: Document,
  path: readonly PropertyKey[],
  positionAt: (offset: number) => Position,
): Position {
  let node: unknown = document.contents
  let offset = offsetOf(node) ?? 0
  for (const key of path) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && item.key.value === key)
      if (pair === undefined) break
      offset = offsetOf(pair.key) ?? offset
      node = pair.value
    } else if (isSeq(node) && typeof key === 'number') {
      node = node.items[key]
      offset = offsetOf(node) ?? offset
    } else break
  }
  return positionAt(offset)
}

function offsetOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined
}
