/**
 * Makes untrusted text harmless inside a prompt: one line, no control or invisible characters, no
 * fence marks, and no longer than asked.
 */
export function clean(text: string, maxLength: number, boundary: string): string {
  const flat = text
    .normalize('NFKC')
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .replaceAll('```', "'''")
    .replaceAll(boundary, '')
    .trim()
  return flat.length > maxLength ? `${flat.slice(0, maxLength)}…` : flat
}

const cleaners = new Map<string, (text: string, maxLength?: number) => string>()

/**
 * Gives {@link clean} for one boundary, 200 characters long where no length is said. The same
 * boundary gives the same function, so that what it made can be remembered by it.
 */
export function cleanerFor(boundary: string): (text: string, maxLength?: number) => string {
  const known = cleaners.get(boundary)
  if (known !== undefined) return known
  const cleaner = (text: string, maxLength = 200): string => clean(text, maxLength, boundary)
  if (cleaners.size >= 100) cleaners.clear()
  cleaners.set(boundary, cleaner)
  return cleaner
}
