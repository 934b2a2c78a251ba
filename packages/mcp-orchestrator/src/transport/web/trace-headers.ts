/** The keys of `_meta` that servers and proxies also read as headers. */
const keys = ['traceparent', 'tracestate', 'baggage'] as const

/** What may stand in a header. */
const printable = /^[\x20-\x7e]{1,8192}$/

/** Repeats the trace context that a request holds in `_meta` as headers, which proxies can read. */
export function withTraceHeaders(init: RequestInit | undefined): RequestInit | undefined {
  const body = init?.body
  if (typeof body !== 'string' || !keys.some((key) => body.includes(`"${key}"`))) return init
  const meta = metaIn(JSON.parse(body))
  if (meta === undefined) return init
  const headers = new Headers(init?.headers)
  for (const key of keys) {
    const value = meta[key]
    if (typeof value === 'string' && printable.test(value)) headers.set(key, value)
  }
  return { ...init, headers }
}

function metaIn(message: unknown): Readonly<Record<string, unknown>> | undefined {
  return recordIn(recordIn(message, 'params'), '_meta')
}

function recordIn(value: unknown, key: string): Readonly<Record<string, unknown>> | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const found: unknown = Reflect.get(value, key)
  return typeof found === 'object' && found !== null
    ? Object.fromEntries(Object.entries(found))
    : undefined
}
