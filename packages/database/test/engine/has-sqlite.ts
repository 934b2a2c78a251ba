import { DatabaseSync } from 'node:sqlite'

/** Node 22 has no authorizer, without which the SQLite engine refuses to open. */
export const hasSqlite = 'setAuthorizer' in DatabaseSync.prototype
