/** The part of `fetch` that a model server is called with. */
export type Fetch = (url: string, init: FetchInit) => Promise<FetchResponse>

/** What is sent. */
export interface FetchInit {
  readonly method: 'POST'
  readonly headers: Record<string, string>
  readonly body: string
  readonly signal: AbortSignal
}

/** What comes back. */
export interface FetchResponse {
  readonly status: number
  readonly headers: { get(name: string): string | null }
  /** The body in pieces; where it is absent, `text` is read. */
  readonly body?: AsyncIterable<Uint8Array> | null | undefined
  text(): Promise<string>
}
