import { isMap, isNode, isScalar, isSeq, LineCounter, parseDocument, type Document } from 'yaml'
import { PolicyInvalidError } from '../errors/errors.ts'
import { isObject, type PolicyProblem } from './check.ts'
import { definePolicy } from './define-policy.ts'
import type { Policy } from './policy.ts'

/** Options for {@link parsePolicy}. */
export interface ParsePolicyOptions {
  /**
   * What the errors call the text, such as `policy.yaml`.
   * @defaultValue nothing
   */
  readonly file?: string | undefined
}

/** Characters that a policy has at the most. */
const maxLength = 1_048_576

/**
 * Reads a policy out of the text of a YAML or JSON file, which has the parts of `PolicyInput`.
 *
 * @throws {@link PolicyInvalidError} when the text cannot be read, or parts of it are unknown,
 * misspelled or out of range; it says all that is wrong, with line and column.
 *
 * @example
 * ```ts
 * import { readFile } from 'node:fs/promises'
 * import { parsePolicy } from '@t2t/sql-guard/policy-file'
 *
 * const file = 'policy.yaml'
 * const policy = parsePolicy(await readFile(file, 'utf8'), { file })
 * ```
 */
export function parsePolicy(text: string, options: ParsePolicyOptions = {}): Policy {
  const { file } = options
  const refuse = (message: string): never => {
    throw new PolicyInvalidError([{ path: [], message }], file)
  }
  if (text.length > maxLength) refuse(`is longer than ${maxLength} characters.`)
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const placeOf = (offset: number) => {
    const { line, col } = lines.linePos(offset)
    return { line, column: col }
  }
  if (document.errors.length > 0) {
    const problems = document.errors.map(({ message, pos }) => ({
      path: [],
      message: `is not YAML: ${message.replace(/\.?$/, '.')}`,
      ...placeOf(pos[0]),
    }))
    throw new PolicyInvalidError(problems, file)
  }
  const input: unknown = contentOf(document) ?? refuse('holds more references than it may.')
  if (!isInput(input)) return refuse('must be an object with parts such as tables and columns.')
  try {
    return definePolicy(input)
  } catch (error) {
    if (!(error instanceof PolicyInvalidError)) throw error
    const placed = error.problems.map((problem) => ({
      ...problem,
      ...placeOf(offsetOf(document, problem.path)),
    }))
    throw new PolicyInvalidError(placed, file)
  }
}

/** Where a part of a policy stands in the text of its file. */
export function placeIn(
  text: string,
  path: PolicyProblem['path'],
): { readonly line: number; readonly column: number } {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines })
  const { line, col } = lines.linePos(offsetOf(document, path))
  return { line, column: col }
}

/** `definePolicy` checks what is inside. */
function isInput(value: unknown): value is NonNullable<Parameters<typeof definePolicy>[0]> {
  return isObject(value)
}

/** An empty file is a policy in which nothing is written. */
function contentOf(document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 }) ?? {}
  } catch {
    return undefined
  }
}

/** Where a part stands, or the innermost one around it that is there. */
function offsetOf(document: Document, path: PolicyProblem['path']): number {
  let node: unknown = document.contents
  let offset = startOf(node) ?? 0
  for (const key of path) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === key)
      if (pair === undefined) break
      offset = startOf(pair.key) ?? offset
      node = pair.value
    } else if (isSeq(node) && typeof key === 'number') {
      node = node.items[key]
      offset = startOf(node) ?? offset
    } else break
  }
  return offset
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined
}
