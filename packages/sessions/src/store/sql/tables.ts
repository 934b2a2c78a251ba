import type { Kysely } from 'kysely'

/** The tables of a session store. Text, numbers and nothing else: every database has those. */
// A type and not an interface, because Kysely wants an index signature.
export type SessionTables = {
  t2t_sessions: {
    id: string
    owner: string
    title: string | null
    created_at: string
    updated_at: string
    last_sequence: number
  }
  t2t_messages: {
    session_id: string
    sequence: number
    role: string
    content: string
    created_at: string
  }
  t2t_tool_executions: {
    session_id: string
    sequence: number
    tool: string
    arguments: string
    result: string
    succeeded: number
    duration_ms: number
    created_at: string
  }
}

/** The database of a session store. */
export type SessionDatabase = Kysely<SessionTables>

/** Sees a team's database as the one of a session store; the tables are added to its own. */
export function sessionDatabase<Tables>(db: Kysely<Tables>): SessionDatabase {
  // Kysely is invariant in its tables, so that no narrower view can be had without a cast.
  return db as unknown as SessionDatabase
}
