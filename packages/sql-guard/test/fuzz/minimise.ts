import { tokensOf } from './mutate.ts'

/** Questions that the shortening of one text may ask. */
const maxQuestions = 1_500

/** Leaves out of a text whatever it does not need to still do what it does. */
export async function minimised(
  text: string,
  isStill: (text: string) => Promise<boolean>,
): Promise<string> {
  let tokens = [...tokensOf(text)]
  let questions = 0
  for (let size = Math.ceil(tokens.length / 2); size >= 1;) {
    let hasShrunk = false
    for (let start = 0; start < tokens.length && questions < maxQuestions;) {
      const shorter = [...tokens.slice(0, start), ...tokens.slice(start + size)]
      questions++
      if (await isStill(shorter.join(''))) {
        tokens = shorter
        hasShrunk = true
      } else start += size
    }
    if (questions >= maxQuestions) break
    // A bracket goes only together with the one that closes it.
    const unwrapped = hasShrunk ? undefined : await withoutBrackets(tokens, isStill)
    if (unwrapped !== undefined) tokens = [...unwrapped]
    else if (!hasShrunk || size > 1) size = size === 1 ? 0 : Math.ceil(size / 2)
  }
  return tokens.join('')
}

async function withoutBrackets(
  tokens: readonly string[],
  isStill: (text: string) => Promise<boolean>,
): Promise<readonly string[] | undefined> {
  const open: number[] = []
  for (const [index, token] of tokens.entries()) {
    if (token === '(') open.push(index)
    if (token !== ')') continue
    const start = open.pop()
    if (start === undefined) continue
    const rest = tokens.filter((_, at) => at !== start && at !== index)
    if (await isStill(rest.join(''))) return rest
  }
  return undefined
}
