/** What a hostile server does with its texts, and what becomes of it. */
export const attacks = {
  instructions:
    'instructions, false boundaries and links stay text, of a source that is not trusted',
  unseen: 'characters that cannot be seen are taken out, and that is marked',
  escapes: 'escapes of such characters in JSON are taken out too',
  halves: 'a half of a character becomes one that says so',
  imitations: 'letters that imitate others are marked, in texts and in names of tools',
  huge: 'a huge text is cut, and so is a huge description',
  deep: 'JSON of any depth arrives as the text that it is',
  types: 'a type and an address in an answer are bounded and can be seen',
  addresses: 'addresses that are too long or cannot be seen are left out and named',
  tools: 'tools with one name, with names or with schemas out of bounds are left out and named',
  changes: 'a tool that changes is called no longer once it is pinned',
  honesty: 'none of it keeps an honest tool from working',
} as const

/** The ways in which each of them is tried. */
export const hostileLanes = {
  'sdk-stdio': { name: './sdk over stdio', transport: 'stdio' },
  'sdk-http': { name: './sdk over HTTP', transport: 'HTTP' },
  'modern-stdio': { name: './modern over stdio in the new protocol', transport: 'stdio' },
  'modern-http': { name: './modern over HTTP in the new protocol', transport: 'HTTP' },
} as const

/** The keys of a table that has no others. */
export function keysOf<Key extends string>(table: Readonly<Record<Key, unknown>>): readonly Key[] {
  return Object.keys(table) as Key[]
}
