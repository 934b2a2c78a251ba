import type { QueryRun, QueryRunner } from '../assistant/assistant.ts'

/** Runs an allowed text; what the runner throws becomes a value, unless the caller has given up. */
export async function runQuery(
  run: QueryRunner,
  sql: string,
  signal: AbortSignal,
): Promise<QueryRun> {
  try {
    return await run(sql, signal)
  } catch (error) {
    signal.throwIfAborted()
    const code = error instanceof Error && 'code' in error ? String(error.code) : undefined
    return { kind: 'failed', message: 'The database could not be read.', code }
  }
}
