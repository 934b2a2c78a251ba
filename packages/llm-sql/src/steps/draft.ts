import { isLlmSqlError } from '../errors/errors.ts'
import type { Draft, DraftRequest, SqlGenerator } from '../generator/generator.ts'

/** A draft, or why there is none. */
export type SafeDraft = Draft | { readonly kind: 'failed'; readonly message: string }

/** Asks a generator; what it throws becomes a value, unless the caller has given up. */
export async function draftSafely(
  generator: SqlGenerator,
  request: DraftRequest,
  signal: AbortSignal,
): Promise<SafeDraft> {
  try {
    return await generator.draft(request, signal)
  } catch (error) {
    signal.throwIfAborted()
    return {
      kind: 'failed',
      message: isLlmSqlError(error) ? error.message : 'The generator failed.',
    }
  }
}
