/** Response headers as clients hand them out: a `Headers`, or an object with plain names. */
export type HeadersLike =
  | { get(name: string): string | null | undefined }
  | Readonly<Record<string, unknown>>

/** Reads headers by name, whatever their case. */
export function headerReader(headers: HeadersLike): (name: string) => string | undefined {
  if (canBeAsked(headers)) return (name) => asText(headers.get(name))
  const byName = new Map(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  )
  return (name) => asText(byName.get(name))
}

function canBeAsked(headers: HeadersLike): headers is { get(name: string): unknown } {
  return typeof headers.get === 'function'
}

function asText(value: unknown): string | undefined {
  const first: unknown = Array.isArray(value) ? value[0] : value
  if (typeof first === 'number') return String(first)
  return typeof first === 'string' ? first.trim() : undefined
}

/** Reads a finite number that is not negative. */
export function readNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+(\.\d+)?$/.test(text) ? Number(text) : undefined
}

const units: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
}

/** Reads a duration such as `250ms`, `1.5s` or `6m0s`, in milliseconds. */
export function readDuration(text: string): number | undefined {
  if (!/^(\d+(\.\d+)?(ms|s|m|h|d))+$/.test(text)) return undefined
  let total = 0
  for (const [, count = '', unit = ''] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)) {
    total += Number(count) * (units[unit] ?? 0)
  }
  return total
}

/** Reads an HTTP date or an RFC 3339 date; `Date.parse` alone takes much that is neither. */
export function readDate(text: string): number | undefined {
  if (!/^([A-Za-z]{3,9},? |\d{4}-\d\d-\d\dT)/.test(text)) return undefined
  const time = Date.parse(text)
  return Number.isNaN(time) ? undefined : time
}
