import type { ModelReply } from '../model/model.ts'
import { parseReply } from './parse-reply.ts'

/** What a reply of a model is good for. */
export type ReadDraft =
  | { readonly kind: 'sql'; readonly sql: string }
  | { readonly kind: 'ask'; readonly ask: string }
  | { readonly kind: 'unusable'; readonly why: UnusableReply }

/** Why a reply cannot be used. */
export type UnusableReply =
  | 'cut-off'
  | 'still-thinking'
  | 'tool-called'
  | 'no-statement'
  | 'unreadable'

/** Reads a reply, or says why it cannot be used. */
export function readDraft({ text, finishReason, toolCalls = [] }: ModelReply): ReadDraft {
  if (finishReason === 'refused')
    return { kind: 'ask', ask: 'The model declined this question. Can it be put differently?' }
  const parsed = parseReply(text)
  if (parsed.kind === 'ask') return parsed
  if (finishReason === 'length' && !/```\s*$/.test(text)) return unusable('cut-off')
  if (parsed.kind === 'sql') return parsed
  if (toolCalls.length > 0) return unusable('tool-called')
  const isThinking = /<think>/i.test(text) && !/<\/think>/i.test(text)
  return unusable(isThinking ? 'still-thinking' : 'no-statement')
}

function unusable(why: UnusableReply): ReadDraft {
  return { kind: 'unusable', why }
}

/** What a model is told when it is asked once more. */
export const hints: Readonly<Record<UnusableReply, string>> = {
  'cut-off':
    'Your last reply was cut off. Reply with the statement alone, and make it as short as it can be.',
  'still-thinking':
    'Your last reply ended before you had finished thinking. Reply with the statement at once.',
  'tool-called':
    'There are no tools here. Reply with the statement in one ```sql block, or with one line: ASK: and a question.',
  'no-statement':
    'Your last reply held no statement. Reply with one SELECT statement in one ```sql block, or with one line: ASK: and a question.',
  unreadable:
    'Your last reply was empty or could not be read. Reply with the statement in one ```sql block.',
}

/** What is said when the second reply is of no use either. */
export const complaints: Readonly<Record<UnusableReply, string>> = {
  'cut-off': 'The reply of the model was cut off.',
  'still-thinking': 'The model did not finish thinking.',
  'tool-called': 'The model called a tool that was not offered.',
  'no-statement': 'The reply of the model holds no statement.',
  unreadable: 'The reply of the model could not be read.',
}
