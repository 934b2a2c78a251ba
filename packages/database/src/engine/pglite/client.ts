/** What the engine needs of a PGlite instance; `PGlite` of `@electric-sql/pglite` has it. */
export interface PgliteClient {
  /** Runs one transaction; nobody else's statement runs in between. */
  transaction<Value>(body: (transaction: PgliteTransaction) => Promise<Value>): Promise<Value>
  /** Sends messages of the protocol, and gives the answers. */
  execProtocol(
    message: Uint8Array,
    options?: { readonly syncToFs?: boolean; readonly throwOnError?: boolean },
  ): Promise<{ readonly messages: readonly { readonly name: string }[] }>
  /** Runs code while no other message is sent. */
  runExclusive<Value>(body: () => Promise<Value>): Promise<Value>
  exec(sql: string): Promise<unknown>
  close(): Promise<void>
}

/** An open transaction of a {@link PgliteClient}. */
export interface PgliteTransaction {
  query<Row>(sql: string, parameters?: unknown[]): Promise<{ readonly rows: Row[] }>
  exec(sql: string): Promise<unknown>
  rollback(): Promise<void>
}
