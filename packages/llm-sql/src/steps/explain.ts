import type { Repaired } from './repair.ts'

/** Says how a question was read, and what was assumed on the way. */
export function explain(
  explanation: string,
  replaced: Repaired['replaced'],
  isTruncated: boolean,
): string {
  const sentences = [explanation]
  for (const { name, by } of replaced) sentences.push(`${name} was read as ${by}.`)
  if (isTruncated) sentences.push('Not all rows were read.')
  return sentences.filter((sentence) => sentence !== '').join(' ')
}
