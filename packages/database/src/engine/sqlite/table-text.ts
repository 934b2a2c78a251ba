const token =
  /--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]|[\p{L}_][\p{L}\p{N}_$]*|[^\s]/gu

interface Word {
  readonly text: string
  readonly start: number
  /** The name that the word spells, unquoted; absent for anything that is no name. */
  readonly name: string | undefined
}

/** Takes `CREATE VIEW name AS` off the text that SQLite keeps for a view. */
export function viewDefinition(createText: string): string | undefined {
  const as = atTopLevel(wordsOf(createText)).find(
    ({ text }, position) => position > 1 && text.toUpperCase() === 'AS',
  )
  return as === undefined ? undefined : createText.slice(as.start + 2).trim()
}

/** Whether the text that SQLite keeps for a table makes a full-text table. */
export function isFullText(createText: string): boolean {
  const [, kind, ...rest] = wordsOf(createText).map(({ text }) => text.toUpperCase())
  const module = rest[rest.indexOf('USING') + 1] ?? ''
  return kind === 'VIRTUAL' && /^FTS[345]$/.test(module)
}

/**
 * Lists the columns that a generated column is computed from, also through other generated ones.
 *
 * Works on the text that SQLite keeps for a table. Where the column cannot be found in it, the
 * answer is all other columns: too many sources hide too much, too few would show too much.
 */
export function generatedFrom(
  createText: string,
  column: string,
  columns: readonly string[],
): readonly string[] {
  const definitions = columnDefinitions(createText)
  const sources = new Set<string>()
  const visit = (name: string): void => {
    const words = definitions.find(([first]) => isSame(first?.name, name))
    const mentioned =
      words === undefined
        ? columns
        : columns.filter((other) => words.slice(1).some((word) => isSame(word.name, other)))
    for (const other of mentioned) {
      if (isSame(other, column) || sources.has(other)) continue
      sources.add(other)
      if (words !== undefined && definesGenerated(definitions, other)) visit(other)
    }
  }
  visit(column)
  return columns.filter((name) => sources.has(name))
}

function definesGenerated(definitions: readonly (readonly Word[])[], name: string): boolean {
  const words = definitions.find(([first]) => isSame(first?.name, name)) ?? []
  return words.some(({ text }) => text.toUpperCase() === 'AS')
}

function columnDefinitions(createText: string): readonly (readonly Word[])[] {
  const words = wordsOf(createText)
  const open = words.findIndex(({ text }) => text === '(')
  const definitions: Word[][] = [[]]
  let depth = 0
  for (const word of words.slice(open + 1)) {
    if (word.text === '(') depth += 1
    if (word.text === ')') depth -= 1
    if (depth < 0) break
    if (word.text === ',' && depth === 0) definitions.push([])
    else definitions.at(-1)?.push(word)
  }
  return definitions
}

function atTopLevel(words: readonly Word[]): readonly Word[] {
  let depth = 0
  return words.filter(({ text }) => {
    if (text === '(') depth += 1
    if (text === ')') depth -= 1
    return depth === 0
  })
}

function wordsOf(text: string): readonly Word[] {
  return Array.from(text.matchAll(token), (match) => ({
    text: match[0],
    start: match.index,
    name: nameOf(match[0]),
  })).filter(({ text: word }) => !word.startsWith('--') && !word.startsWith('/*'))
}

function nameOf(word: string): string | undefined {
  const first = word[0]
  if (first === '"' || first === '`') return word.slice(1, -1).replaceAll(first + first, first)
  if (first === '[') return word.slice(1, -1)
  return /^[\p{L}_]/u.test(word) ? word : undefined
}

function isSame(one: string | undefined, other: string): boolean {
  return one?.toLowerCase() === other.toLowerCase()
}
