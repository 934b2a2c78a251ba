/** What stands in the place of a secret. */
const mask = '[redacted]'

const secretName =
  '[\\w-]*(?:token|secret|passw(?:or)?d|passwd|pwd|api[-_]?key|credential|cookie|authorization)[\\w-]*'

const patterns: readonly (readonly [RegExp, string])[] = [
  // The userinfo and the query of a URL.
  [/([a-z][a-z0-9+.-]*:\/\/)[^\s/@]+@/gi, `$1${mask}@`],
  [/([a-z][a-z0-9+.-]*:\/\/[^\s?#]+)\?[^\s#"']*/gi, '$1'],
  [/\b(bearer|basic)\s+[\w.~+/=-]+/gi, `$1 ${mask}`],
  [new RegExp(`("?${secretName}"?\\s*[=:]\\s*)("[^"]*"|'[^']*'|[^\\s,;&]+)`, 'gi'), `$1${mask}`],
]

/** Masks the given secrets, and whatever looks like one, in a text for people. */
export function redact(text: string, secrets: readonly string[] = []): string {
  let clean = text
  // The longest first: one secret may be a part of another.
  for (const secret of secrets.toSorted((a, b) => b.length - a.length)) {
    if (secret.length >= 4) clean = clean.replaceAll(secret, mask)
  }
  for (const [pattern, replacement] of patterns) clean = clean.replace(pattern, replacement)
  return clean
}

const secretFlag = new RegExp(`^--?${secretName}$`, 'i')

/** Describes a command line, with the values of options that look secret masked. */
export function describeCommand(command: string, args: readonly string[]): string {
  const shown = args.map((arg, index) =>
    secretFlag.test(args[index - 1] ?? '') ? mask : redact(arg),
  )
  return [command, ...shown].join(' ')
}
