import { createReadStream, existsSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { z } from 'zod'
import { firstPrevious, hashOf, type AuditRecord } from './record.ts'

/** Whether every line of a log vouches for those before it. */
export type Verification =
  | { readonly holds: true; readonly records: number; readonly last: string }
  | { readonly holds: false; readonly line: number; readonly problem: string }

const record = z.looseObject({
  sequence: z.int().min(1),
  time: z.iso.datetime(),
  caller: z.string(),
  role: z.string(),
  action: z.enum(['question', 'mcp-call', 'admin', 'refused-access', 'config-reloaded']),
  outcome: z.string(),
  previous: z.string(),
  hash: z.string(),
})

/**
 * Reads a whole log and checks its chain.
 *
 * Lines that were cut off at the end cannot be seen from the file alone: compare `last` with a hash
 * that was written down elsewhere.
 */
export async function verifyAuditLog(path: string, key?: string): Promise<Verification> {
  let [line, previous] = [0, firstPrevious]
  for await (const text of createInterface({ input: createReadStream(path) })) {
    line += 1
    const read = parse(text)
    if (read === undefined) return { holds: false, line, problem: 'is not a record' }
    if (read.sequence !== line) return { holds: false, line, problem: 'is not the next one' }
    if (read.previous !== previous)
      return { holds: false, line, problem: 'does not follow the line before' }
    if (hashOf(read, key) !== read.hash) return { holds: false, line, problem: 'was changed' }
    previous = read.hash
  }
  return { holds: true, records: line, last: previous }
}

/**
 * The last record of a log that holds; `undefined` for one that does not exist or is empty.
 *
 * @throws `Error` when the chain is broken: what is appended to it would vouch for nothing.
 */
export async function lastRecord(
  path: string,
  key: string | undefined,
): Promise<{ readonly sequence: number; readonly hash: string } | undefined> {
  if (!existsSync(path)) return undefined
  const verified = await verifyAuditLog(path, key)
  if (!verified.holds) {
    throw new Error(
      `Line ${verified.line} of the audit log ${verified.problem}; move it away first.`,
    )
  }
  return verified.records === 0 ? undefined : { sequence: verified.records, hash: verified.last }
}

/** The last records of a log, the newest first. */
export async function tailOf(path: string, count: number): Promise<readonly AuditRecord[]> {
  if (!existsSync(path)) return []
  const kept: AuditRecord[] = []
  for await (const text of createInterface({ input: createReadStream(path) })) {
    const read = parse(text)
    if (read === undefined) continue
    kept.push(read)
    if (kept.length > count) kept.shift()
  }
  return kept.toReversed()
}

function parse(text: string): AuditRecord | undefined {
  try {
    // The text's own order of members, not that of the schema: the hash is over it.
    const value: unknown = JSON.parse(text)
    return isRecord(value) ? value : undefined
  } catch {
    return undefined
  }
}

function isRecord(value: unknown): value is AuditRecord {
  return record.safeParse(value).success
}
