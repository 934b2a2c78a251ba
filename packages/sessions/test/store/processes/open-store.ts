import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { SessionStore } from '@t2t/sessions'
import { jsonlStore } from '@t2t/sessions/jsonl'
import { migrateSessions, nodeSqliteDialect, sqlStore } from '@t2t/sessions/sql'
import { Kysely } from 'kysely'

/** The stores that several processes can share without a server. */
export const kinds = ['jsonl', 'sqlite'] as const

export interface OpenStore extends AsyncDisposable {
  readonly store: SessionStore
}

/** Opens a store of a kind in a folder. */
export async function openStore(kind: string, folder: string): Promise<OpenStore> {
  if (kind === 'jsonl') {
    const store = jsonlStore({ folder })
    return { store, [Symbol.asyncDispose]: () => store.close() }
  }
  const database = new DatabaseSync(join(folder, 'sessions.db'))
  const db = new Kysely<object>({ dialect: nodeSqliteDialect(database) })
  await migrateSessions(db)
  return { store: sqlStore({ db }), [Symbol.asyncDispose]: () => db.destroy() }
}
