import type { Span } from '../guard/verdict.ts'

/** A change of the text: what stands at the span is replaced. */
export interface Edit {
  readonly span: Span
  readonly text: string
}

/** Applies edits that do not overlap. */
export function splice(text: string, edits: readonly Edit[]): string {
  let result = ''
  let position = 0
  for (const { span, text: replacement } of [...edits].sort(byStart)) {
    result += text.slice(position, span.start) + replacement
    position = span.end
  }
  return result + text.slice(position)
}

function byStart(left: Edit, right: Edit): number {
  return left.span.start - right.span.start
}
