import type { AnswerWarning } from '../assistant/answer.ts'
import type { Repaired } from './repair.ts'

/** Says how a question was read, and what was assumed on the way. */
export function explain(
  explanation: string,
  replaced: Repaired['replaced'],
  warnings: readonly AnswerWarning[],
): string {
  const sentences = [explanation]
  for (const { name, by } of replaced) sentences.push(`${name} was read as ${by}.`)
  for (const { message } of warnings) sentences.push(message)
  return sentences.filter((sentence) => sentence !== '').join(' ')
}
