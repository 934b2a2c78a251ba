import { createReadStream, existsSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { z } from 'zod'
import { firstPrevious, hashOf, type AuditRecord } from './record.ts'

/** Whether every line of a log vouches for those before it. */
export type Verification =
  | { readonly holds: true; readonly records: number; readonly last: string }
  | ({ readonly holds: false } & Broken)

const record = z.looseObject({
  sequence: z.int().min(1),
  time: z.iso.datetime(),
  caller: z.string(),
  role: z.string(),
  action: z.enum([
    'question',
    'mcp-call',
    'admin',
    'refused-access',
    'config-reloaded',
    'person-forgotten',
  ]),
  outcome: z.string(),
  previous: z.string(),
  hash: z.string(),
})

/** Where a chain has come to. */
export interface Place {
  /** Its lines so far. */
  readonly line: number
  /** The hash of the last of them. */
  readonly hash: string
  /** Where the last of them ends. */
  readonly bytes: number
}

/** A line that breaks a chain, from 1 up. */
export interface Broken {
  readonly line: number
  readonly problem: string
}

/**
 * Reads a whole log and checks its chain.
 *
 * Lines that were cut off at the end cannot be seen from the file alone: give a hash that was
 * written down elsewhere, which must be among those of the log.
 */
export async function verifyAuditLog(
  path: string,
  key?: string,
  known?: string,
): Promise<Verification> {
  let isKnown = known === undefined
  const start = { line: 0, hash: firstPrevious, bytes: 0 }
  const read = await followsFrom(start, { path, key }, (hash) => (isKnown ||= hash === known))
  if ('problem' in read) return { holds: false, ...read }
  const { size } = await stat(path)
  const line = read.line + 1
  if (read.bytes < size) return { holds: false, line, problem: 'was not written to its end' }
  if (!isKnown) return { holds: false, line, problem: 'and what follows it were cut off' }
  return { holds: true, records: read.line, last: read.hash }
}

/** Reads the whole lines after a place, and says where the chain is then, or where it breaks. */
export async function followsFrom(
  place: Place,
  { path, key }: { readonly path: string; readonly key: string | undefined },
  onHash: (hash: string) => void = () => undefined,
): Promise<Place | Broken> {
  let { line, hash, bytes } = place
  for await (const text of wholeLines(path, bytes)) {
    line += 1
    const read = parse(text)
    if (read === undefined) return { line, problem: 'is not a record' }
    if (read.sequence !== line) return { line, problem: 'is not the next one' }
    if (read.previous !== hash) return { line, problem: 'does not follow the line before' }
    // The same members written otherwise would be read otherwise by other programs.
    if (hashOf(read, key) !== read.hash || JSON.stringify(read) !== text)
      return { line, problem: 'was changed' }
    hash = read.hash
    bytes += Buffer.byteLength(text) + 1
    onHash(hash)
  }
  return { line, hash, bytes }
}

async function* wholeLines(path: string, start: number): AsyncGenerator<string> {
  let rest = ''
  for await (const chunk of createReadStream(path, { start, encoding: 'utf8' })) {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
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
