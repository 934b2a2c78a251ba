import type { DialectName } from '@t2t/sql-guard'
import type { Engine } from '../engine/engine.ts'
import type { Cell, ReadCaps } from '../read/read.ts'
import { clickhousePosture } from './clickhouse.ts'
import { mysqlPosture } from './mysql.ts'
import { postgresPosture } from './postgres.ts'

/** What the role of a database may do besides reading. */
export interface Posture {
  /** The role, as the server calls it; empty where the engine knows no roles. */
  readonly role: string
  /** Whether the role could change anything if the session and the guard both failed. */
  readonly canWrite: boolean
  readonly findings: readonly PostureFinding[]
}

/** One thing that a role for reading does not need. */
export interface PostureFinding {
  readonly code:
    | 'superuser'
    | 'role-attribute'
    | 'server-access'
    | 'write-grant'
    | 'create-grant'
    | 'dangerous-extension'
    | 'definer-function'
  /** A privilege, table, schema, extension or function. */
  readonly subject: string
  /** Whether it lets the role change something. */
  readonly writes: boolean
}

/** Asks a question of ours through the session of the engine. */
export type AskEngine = (sql: string) => Promise<readonly (readonly Cell[])[]>

const caps: ReadCaps = { maxRows: 10_000, maxBytes: 16_777_216, timeoutMs: 30_000 }

/** Turns the session of an engine into a function that answers questions of ours. */
export function askingEngine(engine: Pick<Engine, 'read'>, signal: AbortSignal): AskEngine {
  return async (sql) => (await engine.read(sql, caps, signal)).rows
}

/**
 * Says what the role of an engine may do besides reading.
 *
 * SQLite knows no roles; there the file is opened for reading, and that is all there is to say.
 */
export async function postureOf(
  engine: Pick<Engine, 'read' | 'dialect'>,
  signal: AbortSignal,
): Promise<Posture> {
  const examine = examiners[engine.dialect]
  if (examine === undefined) return { role: '', canWrite: false, findings: [] }
  const { role, findings } = await examine(askingEngine(engine, signal))
  return { role, canWrite: findings.some(({ writes }) => writes), findings }
}

const examiners: Readonly<
  Partial<Record<DialectName, (ask: AskEngine) => Promise<Omit<Posture, 'canWrite'>>>>
> = { postgres: postgresPosture, mysql: mysqlPosture, clickhouse: clickhousePosture }
