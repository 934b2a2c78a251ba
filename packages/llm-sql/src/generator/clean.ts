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
