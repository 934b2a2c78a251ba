import { DatabaseSync, constants } from 'node:sqlite'
import { sqliteAuthorizer } from '@t2t/sql-guard/native'
import { EngineUnsupportedError } from '../../errors/errors.ts'
import type { ReadDecision } from '../engine.ts'

/** A connection that reads and does nothing else. */
export interface SqliteSession {
  readonly connection: DatabaseSync
  /** Runs synchronous code that may also read PRAGMAs that describe the schema. */
  describing<Value>(look: () => Value): Value
  /**
   * Gives what runs synchronous code in which a statement may read and call only what a guard
   * decided about; SQLite may prepare a statement again at every step of it.
   */
  heldTo(decided: ReadDecision | undefined): <Value>(step: () => Value) => Value
}

/** What a statement may do; every other action is denied when it is prepared. */
const permittedActions: ReadonlySet<number> = new Set([
  constants.SQLITE_SELECT,
  constants.SQLITE_READ,
  constants.SQLITE_FUNCTION,
  constants.SQLITE_RECURSIVE,
])

/** Functions of builds and extensions that reach outside the database file. */
const deniedFunctions: ReadonlySet<string> = new Set([
  'edit',
  'fts3_tokenizer',
  'load_extension',
  'readfile',
  'writefile',
])

const describingPragmas: ReadonlySet<string> = new Set([
  'foreign_key_list',
  'table_list',
  'table_xinfo',
])

/** Bytes of one value, and of one text, at the most. */
const maxValueBytes = 16 * 1024 * 1024

/** Opens a file that must exist. */
export function openFile(path: string): DatabaseSync {
  return new DatabaseSync(path, {
    readOnly: true,
    allowExtension: false,
    enableDoubleQuotedStringLiterals: false,
  })
}

/**
 * Takes a connection over for reading: from here on it refuses everything else.
 *
 * @throws {@link EngineUnsupportedError} when this Node cannot hold that promise.
 */
export function startSession(connection: DatabaseSync): SqliteSession {
  if (typeof connection.setAuthorizer !== 'function') {
    throw new EngineUnsupportedError('SQLite needs setAuthorizer of Node 24.10 or later.')
  }
  connection.exec('PRAGMA query_only = ON; PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY')
  connection.enableDefensive(true)
  connection.limits.length = maxValueBytes
  connection.limits.sqlLength = maxValueBytes
  connection.limits.attach = 0

  let isDescribing = false
  let authorizer: ReturnType<typeof sqliteAuthorizer> | undefined
  connection.setAuthorizer((action, subject, name, database, within) => {
    if (action === constants.SQLITE_FUNCTION && deniedFunctions.has((name ?? '').toLowerCase())) {
      return constants.SQLITE_DENY
    }
    if (permittedActions.has(action)) {
      return authorizer?.(action, subject, name, database, within) ?? constants.SQLITE_OK
    }
    if (action !== constants.SQLITE_PRAGMA) return constants.SQLITE_DENY
    if (isDescribing && describingPragmas.has(subject ?? '')) return constants.SQLITE_OK
    // A full-text table that a statement searches looks whether it has been changed.
    return authorizer?.(action, subject, name, database, within) ?? constants.SQLITE_DENY
  })

  return {
    connection,
    describing(look) {
      isDescribing = true
      try {
        return look()
      } finally {
        isDescribing = false
      }
    },
    heldTo(decided) {
      if (decided === undefined) return (step) => step()
      const own = sqliteAuthorizer(decided)
      return (step) => {
        authorizer = own
        try {
          return step()
        } finally {
          authorizer = undefined
        }
      }
    },
  }
}
