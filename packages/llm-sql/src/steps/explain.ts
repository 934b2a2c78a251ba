import type { AnswerWarning } from '../assistant/answer.ts'
import type { Repair } from './repair/repair-step.ts'

/** Says how a question was read, and what was assumed on the way. */
export function explain(
  explanation: string,
  repairs: readonly Repair[],
  warnings: readonly AnswerWarning[],
): string {
  const sentences = [explanation]
  for (const { name, by } of repairs) sentences.push(`${name} was read as ${by}.`)
  for (const { message } of warnings) sentences.push(message)
  return sentences.filter((sentence) => sentence !== '').join(' ')
}
