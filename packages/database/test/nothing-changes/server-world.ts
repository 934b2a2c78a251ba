import { createDatabase, leastPrivilegeRole, type Engine } from '@t2t/database'
import { createSqlGuard, type Dialect } from '@t2t/sql-guard'
import type { Attack } from '../../../sql-guard/test/attacks/attack.ts'
import { worldPolicy } from '../../../sql-guard/test/attacks/world.ts'
import type { OwnServer } from '../server-faults/own-process.ts'
import type { Fingerprint, World } from './world.ts'

/** A server of its own in which the tables of the attacks are, and a connection past the engines. */
export interface PreparedServer {
  readonly server: OwnServer
  readonly database: string
  readonly dialect: Dialect
  readonly attacks: readonly Attack[]
  /** Opens an engine as the superuser, or as a role. */
  open(role?: string): Engine
  /** Runs a statement as the superuser. */
  run(sql: string): Promise<unknown>
  fingerprint(engine: Engine): Promise<Fingerprint>
  /** Ends the connection past the engines. */
  leave(): Promise<void>
}

const calm = new AbortController().signal
const role = 'reader'

/** Makes the role that reads what the policy shows, and the world with it. */
export async function openServerWorld(prepared: PreparedServer): Promise<World> {
  const { server, database, dialect, attacks } = prepared
  const superuser = prepared.open()
  const owned = await createDatabase({
    name: 'world',
    engine: prepared.open(),
    policy: worldPolicy,
  })
  const statements = await leastPrivilegeRole(await owned.catalog(), { role, database })
  await owned.close()
  for (const sql of statements) await prepared.run(sql)
  const reader = prepared.open(role)
  const catalog = await superuser.introspect(calm)

  return {
    attacks,
    reader,
    superuser,
    guard: await createSqlGuard({ dialect, policy: worldPolicy, catalog }),
    fingerprint: (engine) => prepared.fingerprint(engine),
    async close() {
      await reader.close()
      await superuser.close()
      await prepared.leave()
      await server.stop()
    },
  }
}

/** What a session of the engine says; it asks again, as texts of a superuser may end connections. */
export async function askedThrough(engine: Engine, sql: string): Promise<string> {
  const caps = { maxRows: 2_000, maxBytes: 1_000_000, timeoutMs: 30_000 }
  const look = (): ReturnType<typeof engine.read> => engine.read(sql, caps, calm)
  return JSON.stringify((await look().catch(look)).rows)
}
