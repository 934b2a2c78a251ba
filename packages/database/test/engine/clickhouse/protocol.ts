/** What the process with the embedded ClickHouse is told. */
export type ToChild =
  | { readonly kind: 'open'; readonly statements: readonly string[] }
  | {
      readonly kind: 'ask'
      readonly sql: string
      readonly database: string
      readonly settings: readonly (readonly [string, string])[]
    }
  | { readonly kind: 'more' }
  | { readonly kind: 'cancel' }

/** What it answers. */
export type FromChild =
  | { readonly kind: 'ready' }
  | { readonly kind: 'part'; readonly bytes: Uint8Array }
  | { readonly kind: 'end' }
  | { readonly kind: 'failed'; readonly message: string }
