/** What stands for everything that a log must not hold. */
export const redacted = '[redacted]'

/**
 * Names of fields whose values never reach a log, in lower case and without `-` and `_`: secrets,
 * what people ask and are answered, and SQL, which holds literals.
 */
export const redactedFields: ReadonlySet<string> = new Set(
  [
    'password passwd pwd secret clientsecret token accesstoken refreshtoken idtoken apikey',
    'xapikey privatekey authorization proxyauthorization cookie setcookie credential credentials',
    'connectionstring dsn sql query statement text parameters params row rows values',
    'question prompt messages content arguments input result results',
  ].flatMap((line) => line.split(' ')),
)

const maxDepth = 6
const maxEntries = 100
const maxTextLength = 2_000

/**
 * Copies a value for a log: without secrets, rows, SQL and what people said.
 *
 * Fields are masked by name at any depth, credentials inside texts by their form. Errors keep
 * their type and code; the message only when the error is one of the t2t packages, whose messages
 * hold no data. Deep, long and circular values are cut.
 */
export function redact(value: unknown): unknown {
  return copy(value, 0, new Set())
}

function copy(value: unknown, depth: number, above: Set<unknown>): unknown {
  if (typeof value === 'string') return redactText(value)
  if (typeof value === 'bigint') return String(value)
  if (typeof value === 'function' || typeof value === 'symbol') return undefined
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString()
  if (depth >= maxDepth || above.has(value)) return '[cut]'

  const inside = new Set(above).add(value)
  if (value instanceof Error) return copyError(value, depth, inside)
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return '[binary]'
  if (Array.isArray(value)) {
    return value.slice(0, maxEntries).map((entry) => copy(entry, depth + 1, inside))
  }
  const fields = Object.entries(value).slice(0, maxEntries)
  return Object.fromEntries(
    fields.map(([name, field]) => [
      name,
      isRedacted(name) ? redacted : copy(field, depth + 1, inside),
    ]),
  )
}

function isRedacted(name: string): boolean {
  return redactedFields.has(name.toLowerCase().replaceAll(/[-_]/g, ''))
}

/** Messages of drivers and of the platform repeat literals, addresses and keys. */
function copyError(
  error: Error,
  depth: number,
  above: Set<unknown>,
): Readonly<Record<string, unknown>> {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined
  const hasRetryable = 'retryable' in error && typeof error.retryable === 'boolean'
  const isOurs = code !== undefined && hasRetryable && /^[A-Z]+(?:_[A-Z]+)+$/.test(code)
  const frames = /\n\s+at [^]*/.exec(error.stack ?? '')?.[0] ?? ''
  return {
    type: error.name,
    ...(code === undefined ? {} : { code: redactText(code) }),
    ...(isOurs ? { message: redactText(error.message) } : {}),
    stack: frames
      .split('\n')
      .filter((line) => /^\s+at /.test(line))
      .slice(0, 20)
      .join('\n'),
    ...(error.cause === undefined ? {} : { cause: copy(error.cause, depth + 1, above) }),
  }
}

const credentials: readonly (readonly [RegExp, string])[] = [
  // user:password@ in a URL; the password may hold anything but a blank or a slash.
  [/([a-z][a-z0-9+.-]*:\/\/)[^\s/]+@/gi, `$1${redacted}@`],
  [/\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{6,}/gi, `$1 ${redacted}`],
  [/\b(?:sk|pk|rk|ghp|gho|xox[abp])[-_][A-Za-z0-9_-]{8,}/g, redacted],
  [/\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_.-]+/g, redacted],
  [
    /\b(password|passwd|pwd|secret|token|api[-_]?key)(\s*[=:]\s*)("[^"]*"|'[^']*'|[^\s,;&]+)/gi,
    `$1$2${redacted}`,
  ],
]

/** Masks credentials in a text by their form, and cuts what is too long. */
export function redactText(text: string): string {
  // Masked before it is cut, since half of a secret has no form; bounded, since patterns take time.
  const masked = credentials.reduce(
    (found, [pattern, mask]) => found.replaceAll(pattern, mask),
    text.slice(0, 2 * maxTextLength),
  )
  const isCut = masked.length > maxTextLength || text.length > 2 * maxTextLength
  return isCut ? `${masked.slice(0, maxTextLength)}[cut]` : masked
}
