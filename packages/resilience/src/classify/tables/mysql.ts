import { lookUp, tableOf, type FailureKind } from '../failure-kind.ts'

const names = tableOf({
  passing: `ER_CON_COUNT_ERROR ER_OUT_OF_RESOURCES ER_SERVER_SHUTDOWN ER_FORCING_CLOSE
    ER_ABORTING_CONNECTION ER_NEW_ABORTING_CONNECTION ER_NET_READ_ERROR ER_NET_READ_INTERRUPTED
    ER_NET_ERROR_ON_WRITE ER_NET_WRITE_INTERRUPTED ER_TOO_MANY_USER_CONNECTIONS
    ER_CONNECTION_KILLED ER_CONNECTION_TIMEOUT ER_SOCKET_TIMEOUT ER_SOCKET_UNEXPECTED_CLOSE
    ER_SOCKET_CREATION_FAIL ER_CONNECTION_ALREADY_CLOSED
    ER_CMD_CONNECTION_CLOSED PROTOCOL_CONNECTION_LOST
    CR_CONNECTION_ERROR CR_CONN_HOST_ERROR CR_SERVER_GONE_ERROR CR_SERVER_LOST`,
  limited: 'ER_USER_LIMIT_REACHED ER_GET_CONNECTION_TIMEOUT',
  contended: 'ER_CHECKREAD ER_LOCK_WAIT_TIMEOUT ER_LOCK_TABLE_FULL ER_LOCK_DEADLOCK ER_LOCK_NOWAIT',
  broken: `ER_DISK_FULL ER_OUTOFMEMORY ER_OUT_OF_SORTMEMORY ER_CRASHED_ON_USAGE ER_NOT_KEYFILE
    ER_RECORD_FILE_FULL ER_HANDSHAKE_ERROR`,
  cancelled: 'ER_QUERY_INTERRUPTED',
})

/**
 * Error names of MySQL and MariaDB servers and of their clients for Node. Every other `ER_` name is
 * the caller's to change: syntax, names, rights, limits of one statement.
 */
export function kindOfMysqlName(code: unknown): FailureKind | undefined {
  const known = lookUp(names, code)
  if (known !== undefined) return known
  return typeof code === 'string' && /^ER_[A-Z]/.test(code) ? 'rejected' : undefined
}
