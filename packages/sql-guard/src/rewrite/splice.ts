import type { Span } from '../guard/verdict.ts'

/** A change of the text: what stands at the span is replaced. */
export interface Edit {
  readonly span: Span
  readonly text: string
}

/** A text after its edits, and where in it the new parts stand. */
export interface Spliced {
  readonly text: string
  readonly inserted: readonly Span[]
}

/** Applies edits that do not overlap. */
export function splice(text: string, edits: readonly Edit[]): Spliced {
  const inserted: Span[] = []
  let result = ''
  let position = 0
  for (const { span, text: replacement } of edits.toSorted(byStart)) {
    result += text.slice(position, span.start)
    inserted.push({ start: result.length, end: result.length + replacement.length })
    result += replacement
    position = span.end
  }
  return { text: result + text.slice(position), inserted }
}

function byStart(left: Edit, right: Edit): number {
  return left.span.start - right.span.start
}
