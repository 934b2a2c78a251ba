import { lookUp, tableOf, type FailureKind } from '../failure-kind.ts'

const types = tableOf({
  passing: `SOCKET_TIMEOUT NETWORK_ERROR ALL_CONNECTION_TRIES_FAILED TOO_FEW_LIVE_REPLICAS
    CANNOT_READ_FROM_SOCKET CANNOT_WRITE_TO_SOCKET NO_ACTIVE_REPLICAS SHARD_HAS_NO_CONNECTIONS
    EXTERNAL_SERVER_IS_NOT_RESPONDING NO_REMOTE_SHARD_AVAILABLE
    CANNOT_SCHEDULE_TASK NO_FREE_CONNECTION NO_ZOOKEEPER KEEPER_EXCEPTION TABLE_IS_READ_ONLY
    S3_ERROR ABORTED ALL_REPLICAS_ARE_STALE SERVER_OVERLOADED`,
  limited: `TOO_MANY_SIMULTANEOUS_QUERIES TOO_MANY_PARTS QUOTA_EXCEEDED QUOTA_EXPIRED
    RECEIVED_ERROR_TOO_MANY_REQUESTS`,
  contended: `TABLE_IS_BEING_RESTARTED DEADLOCK_AVOIDED PART_IS_TEMPORARILY_LOCKED
    SESSION_IS_LOCKED DDL_GUARD_IS_ACTIVE`,
  broken: 'NOT_ENOUGH_SPACE SYSTEM_ERROR CANNOT_ALLOCATE_MEMORY CORRUPTED_DATA LOGICAL_ERROR',
  cancelled: 'QUERY_WAS_CANCELLED QUERY_WAS_CANCELLED_BY_CLIENT',
})

/**
 * Error types of ClickHouse, as its client reports them beside a numeric code. Every other type is
 * the caller's to change, limits of time and memory of one query included.
 */
export function kindOfClickHouseType(code: unknown, type: unknown): FailureKind | undefined {
  if (typeof type !== 'string' || !/^[A-Z][A-Z0-9_]+$/.test(type)) return undefined
  if (!/^\d+$/.test(String(code))) return undefined
  return lookUp(types, type) ?? 'rejected'
}
