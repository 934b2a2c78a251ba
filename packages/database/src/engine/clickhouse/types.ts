/** A type of ClickHouse with the types between its brackets. */
export interface ColumnType {
  /** Without brackets, such as `Array`. */
  readonly name: string
  readonly parts: readonly ColumnType[]
}

/** Reads the name of a type; names of fields and other parameters are left out. */
export function parseType(written: string): ColumnType {
  const text = written.trim()
  const open = text.indexOf('(')
  if (open === -1 || !text.endsWith(')')) return { name: text, parts: [] }
  const name = text.slice(0, open)
  if (!nesting.has(name)) return { name, parts: [] }
  const inside = separated(text.slice(open + 1, -1))
  return { name, parts: inside.map((part) => parseType(withoutField(part))) }
}

const nesting: ReadonlySet<string> = new Set([
  'Array',
  'LowCardinality',
  'Map',
  'Nested',
  'Nullable',
  'SimpleAggregateFunction',
  'Tuple',
])

/** Splits at commas that are in no brackets and no quotes. */
function separated(text: string): readonly string[] {
  const parts: string[] = []
  let depth = 0
  let from = 0
  for (const { 0: match, index } of text.matchAll(/'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`|[(),]/g)) {
    if (match === '(') depth++
    else if (match === ')') depth--
    else if (match === ',' && depth === 0) {
      parts.push(text.slice(from, index))
      from = index + 1
    }
  }
  return [...parts, text.slice(from)]
}

/** `name Type` is how a tuple names its fields. */
function withoutField(part: string): string {
  return part.trim().replace(/^(?:`(?:[^`\\]|\\.)*`|\w+)\s+(?=[A-Za-z])/, '')
}
