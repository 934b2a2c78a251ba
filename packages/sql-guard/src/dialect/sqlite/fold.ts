/** Puts ASCII letters in lower case: how SQLite compares names. */
export function folded(name: string): string {
  return /[A-Z]/.test(name) ? name.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()) : name
}
