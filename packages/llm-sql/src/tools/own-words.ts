import type { AgentTool } from './agent-tool.ts'

/** The most values, lists and objects that an input of own words may have. */
const maxValues = 6

/**
 * Whether an input holds nothing but what the person wrote.
 *
 * Every text must stand in the person's words as it is (in lower case or with capital first letters
 * at the most) from word boundary to word boundary, every number too, and every key in the schema.
 * Of a trusted tool the permitted words of its schema count as well. So no text that a tool gave can
 * be in it, in whatever way a model was talked into writing it: what is left to it is a choice among
 * a few of the person's own words. Other forms of the same letters and blanks do not count as the
 * same, and lists count like values: both could be read as a code.
 */
export function isOwnWords(
  input: Readonly<Record<string, unknown>>,
  words: readonly string[],
  { inputSchema, isTrusted = false }: Pick<AgentTool, 'inputSchema' | 'isTrusted'>,
): boolean {
  const written = words.map(plain)
  const schema = namesIn(inputSchema)
  const isWritten = (text: string): boolean =>
    plain(text) === text && written.some((one) => contains(one, text))
  let values = -1
  const isOwn = (value: unknown): boolean => {
    values += 1
    if (values > maxValues) return false
    if (Array.isArray(value)) return value.every(isOwn)
    if (typeof value === 'object' && value !== null)
      return Object.entries(value).every(([key, one]) => schema.keys.has(key) && isOwn(one))
    if (typeof value === 'string')
      return value === '' || (isTrusted && schema.choices.has(value)) || isWritten(value)
    if (typeof value === 'number') return isWritten(String(value))
    return value === null || typeof value === 'boolean'
  }
  return isOwn(input)
}

function plain(text: string): string {
  return text.normalize('NFKC').replaceAll(/\s+/g, ' ').trim()
}

function contains(written: string, text: string): boolean {
  if (text === '') return false
  const [all, wanted] = [written.toLowerCase(), text.toLowerCase()]
  if (all.length !== written.length || wanted.length !== text.length) return false
  for (let at = all.indexOf(wanted); at >= 0; at = all.indexOf(wanted, at + 1)) {
    const end = at + wanted.length
    const isWhole = !isLetter(all[at - 1]) && !isLetter(all[end])
    const slice = written.slice(at, end)
    if (isWhole && [slice, slice.toLowerCase(), capitalised(slice)].includes(text)) return true
  }
  return false
}

function isLetter(character: string | undefined): boolean {
  return character !== undefined && /[\p{L}\p{N}_\p{Cs}]/u.test(character)
}

function capitalised(text: string): string {
  return text.toLowerCase().replaceAll(/(?<![\p{L}\p{N}])\p{L}/gu, (letter) => letter.toUpperCase())
}

interface SchemaNames {
  readonly keys: ReadonlySet<string>
  readonly choices: ReadonlySet<string>
}

function namesIn(schema: unknown): SchemaNames {
  const keys = new Set<string>()
  const choices = new Set<string>()
  const seen = new Set<object>()
  const visit = (value: unknown, depth: number): void => {
    if (typeof value !== 'object' || value === null || depth > 12 || seen.has(value)) return
    seen.add(value)
    for (const [key, one] of Object.entries(value)) {
      if (key === 'properties' && typeof one === 'object' && one !== null)
        for (const name of Object.keys(one)) keys.add(name)
      if (key === 'enum' && Array.isArray(one))
        for (const choice of one) if (typeof choice === 'string') choices.add(choice)
      if (key === 'const' && typeof one === 'string') choices.add(one)
      visit(one, depth + 1)
    }
  }
  visit(schema, 0)
  return { keys, choices }
}
