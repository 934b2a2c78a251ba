import type { Finding, FindingCode, Span } from '../guard/verdict.ts'

/** Carries one finding out of the depths of an adapter. Never leaves `parse`. */
export class Refusal extends Error {
  readonly finding: Finding

  constructor(finding: Finding) {
    super(finding.message)
    this.finding = finding
  }
}

/** Stops the translation of a tree. */
export function refuse(code: FindingCode, message: string, span: Span, subject?: string): never {
  const { start, end } = span
  throw new Refusal({
    code,
    message,
    span: { start, end },
    ...(subject === undefined ? {} : { subject }),
  })
}

/** Runs a translation and turns whatever stops it into a finding. */
export function orFinding<Result>(translate: () => Result): Result | { readonly finding: Finding } {
  try {
    return translate()
  } catch (error) {
    if (error instanceof Refusal) return { finding: error.finding }
    if (error instanceof RangeError) {
      return {
        finding: { code: 'limit-exceeded', message: 'The statement nests too deeply to be read.' },
      }
    }
    throw error
  }
}
