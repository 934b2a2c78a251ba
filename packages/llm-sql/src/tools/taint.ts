import type { OfferedTool } from './offer.ts'
import { isOwnWords } from './own-words.ts'

/** Why a call was not made although the tool exists. */
export type RefusalReason =
  /** Untrusted text was read, and the tool is not one that may be called after that. */
  | 'tool-tainted'
  /** The input is not made of the person's words, and text from elsewhere may be in it. */
  | 'input-tainted'
  /** So many calls with words of the person were made since untrusted text was read. */
  | 'calls-used-up'

/** What a run has read so far. */
export interface Taint {
  /** Where untrusted text came from; empty when there was none. */
  readonly taintedBy: ReadonlySet<string>
  /** Where any text came from that a tool gave, whether somebody vouches for it or not. */
  readonly readFrom: ReadonlySet<string>
  /** Everything that the person wrote. */
  readonly words: readonly string[]
  /** Takes one of the calls that may still leave with words of the person; false when there is none. */
  readonly takeOutwardCall: () => boolean
}

/** Calls with words of the person that may leave after untrusted text was read, for each question. */
export const maxOutwardCalls = 3

/**
 * Decides whether a call may be made after what was read.
 *
 * It looks at where text came from and at what the person wrote, never at what the model says about
 * it: a model that was talked round has no more ways than one that was not.
 */
export function refusalOf(
  { tool, rule, origin }: OfferedTool,
  input: Readonly<Record<string, unknown>>,
  { taintedBy, readFrom, words, takeOutwardCall }: Taint,
): RefusalReason | undefined {
  if (taintedBy.size === 0 || rule.whenTainted === 'allow') return undefined
  if (rule.whenTainted === 'refuse') return 'tool-tainted'
  // What came from here alone may go back; a result that somebody vouches for may still be private.
  if ([...readFrom].every((one) => one === origin)) return undefined
  if (!isOwnWords(input, words, tool)) return 'input-tainted'
  return takeOutwardCall() ? undefined : 'calls-used-up'
}
