const irregular: ReadonlyMap<string, string> = new Map([
  ['people', 'person'],
  ['persons', 'person'],
  ['children', 'child'],
  ['men', 'man'],
  ['women', 'woman'],
  ['feet', 'foot'],
  ['indices', 'index'],
  ['series', 'series'],
  ['status', 'status'],
  ['statuses', 'status'],
  ['lives', 'life'],
  ['wives', 'wife'],
])

/** Gives the singular, lower-case form of an English word; other words stay as they are. */
export function stem(word: string): string {
  const lower = word.toLowerCase()
  const known = irregular.get(lower)
  if (known !== undefined) return known
  if (lower.length <= 3)
    return lower.length === 3 && /[^aeious]s$/.test(lower) ? lower.slice(0, -1) : lower
  if (lower.endsWith('ies') && lower.length > 4) return `${lower.slice(0, -3)}y`
  if (/(?:ss|sh|ch|x|zz)es$/.test(lower)) return lower.slice(0, -2)
  if (/(?:ss|us|is)$/.test(lower)) return lower
  return lower.endsWith('s') ? lower.slice(0, -1) : lower
}

const endings = [
  'ations',
  'ation',
  'ances',
  'ance',
  'ments',
  'ment',
  'ings',
  'ing',
  'ions',
  'ion',
  'ers',
  'ed',
  'er',
  'or',
  'al',
  'ly',
]

/**
 * Gives what the forms of a word have in common, so that "ordered" meets "order".
 *
 * Coarse on purpose: a match on roots counts less than a match on stems.
 */
export function root(word: string): string {
  let rest = stem(word)
  for (let round = 0; round < 2; round++) {
    const ending = endings.find((end) => rest.endsWith(end) && rest.length - end.length >= 3)
    if (ending === undefined) break
    rest = rest.slice(0, -ending.length)
    if (/([^aeiouls])\1$/.test(rest)) rest = rest.slice(0, -1)
  }
  if (rest.length > 4 && rest.endsWith('ll')) rest = rest.slice(0, -1)
  return rest.length > 3 ? rest.replace(/[ey]$/, '') : rest
}
