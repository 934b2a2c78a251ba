/**
 * Gives names that differ in case only the same form, one character at a time: no engine compares
 * names by more than that. Takes rather too many names for the same.
 */
export function caseless(name: string): string {
  // oxlint-disable-next-line no-control-regex
  return /^[\x00-\x7f]*$/.test(name)
    ? name.toLowerCase()
    : Array.from(name, lowerCharacter).join('')
}

function lowerCharacter(character: string): string {
  if (character === '\u0130') return 'i'
  const lower = character.toLowerCase()
  return lower.length === character.length ? lower : character
}
