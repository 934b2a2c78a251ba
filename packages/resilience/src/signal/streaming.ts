function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function isStream(value: unknown): boolean {
  return isObject(value) && ('getReader' in value || Symbol.asyncIterator in value)
}

/**
 * Says whether a value still delivers after it was returned: a web stream, a Node stream, an async
 * iterable, or an object such as `Response` that carries one as its `body` or `stream`.
 */
export function isStreaming(value: unknown): boolean {
  if (!isObject(value)) return false
  if (isStream(value)) return true
  if ('body' in value && isStream(value.body)) return true
  return 'stream' in value && isStream(value.stream)
}
