import type { RequestMeta } from '../../upstream/connection.ts'

/** Keys that the clients fill in themselves. */
const reserved = /^(?:progressToken$|io\.modelcontextprotocol\/)/

/** What of the caller's words may go into the `_meta` of a request; `undefined` for nothing. */
export function metaOf(meta: RequestMeta | undefined): RequestMeta | undefined {
  if (meta === undefined) return undefined
  const entries = Object.entries(meta).filter(
    ([key, value]) => value !== undefined && !reserved.test(key),
  )
  return entries.length === 0 ? undefined : Object.fromEntries(entries)
}

/** Adds `_meta` to the parameters of a request, when there is anything to add. */
export function withMeta<Params extends object>(
  params: Params,
  meta: RequestMeta | undefined,
): Params & { _meta?: { [key: string]: unknown } } {
  return meta === undefined ? params : { ...params, _meta: { ...meta } }
}
