import { classify, countsAsFailure, isWorthRetrying, type FailureKind } from '@t2t/resilience'
import { describe, expect, it } from 'vitest'

type Fields = Readonly<Record<string, unknown>>
type Row = readonly [kind: FailureKind, codes: string]

function rowsOf(rows: readonly Row[]): readonly (readonly [string, FailureKind])[] {
  return rows.flatMap(([kind, codes]) =>
    codes
      .trim()
      .split(/\s+/)
      .map((code) => [code, kind] as const),
  )
}

function failing(fields: Fields): Error {
  return Object.assign(new Error('It failed.'), fields)
}

describe('the table for HTTP status codes', () => {
  it.for(
    rowsOf([
      ['passing', '408 500 502 503 504 520 521 522 523 524 529 530 598'],
      ['limited', '429'],
      ['contended', '409 423 425'],
      ['broken', '507 508 511 525 526'],
      ['rejected', '400 401 402 403 404 405 410 412 413 415 422 451 501 505 506 510'],
      ['cancelled', '499'],
    ]),
  )('holds that %s is %s', ([code, kind]) => {
    const status = Number(code)

    expect(classify(failing({ status }))).toBe(kind)
    expect(classify(failing({ statusCode: status }))).toBe(kind)
    expect(classify(failing({ response: { status } }))).toBe(kind)
  })
})

describe('the table for network errors', () => {
  it.for(
    rowsOf([
      [
        'passing',
        `ECONNRESET ECONNREFUSED ECONNABORTED EPIPE ETIMEDOUT ESOCKETTIMEDOUT EAI_AGAIN ENETDOWN
         ENETUNREACH ENETRESET EHOSTDOWN EHOSTUNREACH UND_ERR_SOCKET UND_ERR_CONNECT_TIMEOUT
         UND_ERR_HEADERS_TIMEOUT UND_ERR_BODY_TIMEOUT ERR_STREAM_PREMATURE_CLOSE
         ERR_HTTP2_STREAM_ERROR ERR_HTTP2_GOAWAY_SESSION`,
      ],
      [
        'broken',
        `ENOTFOUND EAI_FAIL EAI_NONAME EMFILE ENFILE CERT_HAS_EXPIRED CERT_NOT_YET_VALID
         DEPTH_ZERO_SELF_SIGNED_CERT SELF_SIGNED_CERT_IN_CHAIN UNABLE_TO_VERIFY_LEAF_SIGNATURE
         UNABLE_TO_GET_ISSUER_CERT_LOCALLY ERR_TLS_CERT_ALTNAME_INVALID`,
      ],
      ['cancelled', 'ABORT_ERR UND_ERR_ABORTED ERR_CANCELED'],
    ]),
  )('holds that %s is %s, also inside what fetch throws', ([code, kind]) => {
    expect(classify(failing({ code }))).toBe(kind)
    expect(classify(new TypeError('fetch failed', { cause: failing({ code }) }))).toBe(kind)
  })

  it('looks into the addresses that were all tried', () => {
    const refused = failing({ code: 'ECONNREFUSED' })

    expect(classify(new AggregateError([refused, refused]))).toBe('passing')
  })

  it('knows aborts and timeouts of the platform by name', () => {
    expect(classify(new DOMException('Aborted.', 'AbortError'))).toBe('cancelled')
    expect(classify(new DOMException('Timed out.', 'TimeoutError'))).toBe('passing')
  })
})

describe('the table for error bodies of model providers', () => {
  it.for(
    rowsOf([
      [
        'passing',
        `server_error overloaded_error api_error timeout_error UNAVAILABLE INTERNAL DEADLINE_EXCEEDED ServiceUnavailableException
         InternalServerException ModelNotReadyException ModelTimeoutException`,
      ],
      [
        'limited',
        `rate_limit_exceeded rate_limit_error RESOURCE_EXHAUSTED
         ThrottlingException TooManyRequestsException`,
      ],
      ['contended', 'ABORTED conflict_error'],
      ['broken', 'DATA_LOSS'],
      [
        'rejected',
        `insufficient_quota billing_hard_limit_reached billing_not_active billing_error
         access_terminated account_deactivated invalid_api_key invalid_request_error
         context_length_exceeded string_above_max_length model_not_found content_filter
         content_policy_violation unsupported_parameter unsupported_value authentication_error
         permission_error not_found_error request_too_large INVALID_ARGUMENT FAILED_PRECONDITION
         OUT_OF_RANGE PERMISSION_DENIED UNAUTHENTICATED NOT_FOUND ALREADY_EXISTS UNIMPLEMENTED
         ValidationException AccessDeniedException ResourceNotFoundException
         ServiceQuotaExceededException`,
      ],
      ['cancelled', 'CANCELLED'],
    ]),
  )('holds that %s is %s, whatever the status', ([code, kind]) => {
    expect(classify(failing({ status: 429, error: { code } }))).toBe(kind)
    expect(classify(failing({ statusCode: 503, data: { error: { type: code } } }))).toBe(kind)
    expect(classify(failing({ status: 400, error: { error: { status: code } } }))).toBe(kind)
    expect(classify(failing({ name: code }))).toBe(kind)
  })

  it('does not retry a spent quota although its status is 429', () => {
    const spent = failing({ status: 429, code: 'insufficient_quota', isRetryable: true })

    expect(isWorthRetrying(spent)).toBe(false)
  })
})

describe('the table for SQLSTATE codes of PostgreSQL', () => {
  it.for(
    rowsOf([
      [
        'passing',
        `08000 08001 08003 08004 08006 08007 53000 53200 53300 57P01 57P02 57P03 57P05 25P03
         08999 53999 57999`,
      ],
      ['contended', '40000 40001 40003 40P01 55006 55P03 72000 40999'],
      ['broken', '08P01 53100 53400 57P04 58000 58030 58P01 XX000 XX001 XX002 F0000 HV000'],
      [
        'rejected',
        `40002 25006 25P02 55000 03000 09000 0A000 0B000 0F000 0L000 0P000 0Z000 20000 21000 22012
         23505 24000 25001 26000 27000 28P01 2B000 2D000 2F000 34000 38000 39000 3B000 3D000 3F000
         42601 42P01 42501 44000 54001 55P02 P0001`,
      ],
      ['cancelled', '57014'],
    ]),
  )('holds that %s is %s', ([code, kind]) => {
    expect(classify(failing({ code, severity: 'ERROR' }))).toBe(kind)
  })
})

describe('the table for MySQL and MariaDB', () => {
  it.for(
    rowsOf([
      [
        'passing',
        `ER_CON_COUNT_ERROR ER_OUT_OF_RESOURCES ER_SERVER_SHUTDOWN ER_FORCING_CLOSE
         ER_ABORTING_CONNECTION ER_NEW_ABORTING_CONNECTION ER_NET_READ_ERROR
         ER_NET_READ_INTERRUPTED ER_NET_ERROR_ON_WRITE ER_NET_WRITE_INTERRUPTED
         ER_TOO_MANY_USER_CONNECTIONS ER_CONNECTION_KILLED ER_CONNECTION_TIMEOUT ER_SOCKET_TIMEOUT
         ER_SOCKET_UNEXPECTED_CLOSE ER_SOCKET_CREATION_FAIL ER_CONNECTION_ALREADY_CLOSED ER_CMD_CONNECTION_CLOSED PROTOCOL_CONNECTION_LOST
         CR_CONNECTION_ERROR CR_CONN_HOST_ERROR CR_SERVER_GONE_ERROR CR_SERVER_LOST`,
      ],
      ['limited', 'ER_USER_LIMIT_REACHED ER_GET_CONNECTION_TIMEOUT'],
      [
        'contended',
        'ER_CHECKREAD ER_LOCK_WAIT_TIMEOUT ER_LOCK_TABLE_FULL ER_LOCK_DEADLOCK ER_LOCK_NOWAIT',
      ],
      [
        'broken',
        `ER_DISK_FULL ER_OUTOFMEMORY ER_OUT_OF_SORTMEMORY ER_CRASHED_ON_USAGE ER_NOT_KEYFILE
         ER_RECORD_FILE_FULL ER_HANDSHAKE_ERROR`,
      ],
      [
        'rejected',
        'ER_PARSE_ERROR ER_NO_SUCH_TABLE ER_BAD_FIELD_ERROR ER_ACCESS_DENIED_ERROR ER_DUP_ENTRY ER_QUERY_TIMEOUT ER_STATEMENT_TIMEOUT',
      ],
      ['cancelled', 'ER_QUERY_INTERRUPTED'],
    ]),
  )('holds that %s is %s', ([code, kind]) => {
    expect(classify(failing({ code, errno: 1, sqlState: 'HY000' }))).toBe(kind)
  })
})

describe('the table for SQLite', () => {
  it.for(
    rowsOf([
      ['contended', 'BUSY:5 LOCKED:6 PROTOCOL:15 SCHEMA:17'],
      ['broken', 'INTERNAL:2 NOMEM:7 IOERR:10 CORRUPT:11 FULL:13 CANTOPEN:14 NOTADB:26'],
      [
        'rejected',
        `ERROR:1 PERM:3 READONLY:8 NOTFOUND:12 EMPTY:16 TOOBIG:18 CONSTRAINT:19 MISMATCH:20
         MISUSE:21 NOLFS:22 AUTH:23 FORMAT:24 RANGE:25`,
      ],
      ['cancelled', 'ABORT:4 INTERRUPT:9'],
    ]),
  )('holds that %s is %s, by name and by number', ([code, kind]) => {
    const [name, number] = code.split(':')

    expect(classify(failing({ code: `SQLITE_${name}` }))).toBe(kind)
    expect(classify(failing({ code: 'ERR_SQLITE_ERROR', errcode: Number(number) }))).toBe(kind)
  })

  it('counts extended codes as their primary ones', () => {
    expect(classify(failing({ code: 'SQLITE_BUSY_SNAPSHOT' }))).toBe('contended')
    expect(classify(failing({ code: 'ERR_SQLITE_ERROR', errcode: 517 }))).toBe('contended')
    expect(classify(failing({ code: 'SQLITE_CONSTRAINT_UNIQUE' }))).toBe('rejected')
  })
})

describe('the table for ClickHouse', () => {
  it.for(
    rowsOf([
      [
        'passing',
        `SOCKET_TIMEOUT NETWORK_ERROR ALL_CONNECTION_TRIES_FAILED TOO_FEW_LIVE_REPLICAS
         CANNOT_READ_FROM_SOCKET CANNOT_WRITE_TO_SOCKET NO_ACTIVE_REPLICAS SHARD_HAS_NO_CONNECTIONS
         EXTERNAL_SERVER_IS_NOT_RESPONDING NO_REMOTE_SHARD_AVAILABLE
         CANNOT_SCHEDULE_TASK NO_FREE_CONNECTION NO_ZOOKEEPER KEEPER_EXCEPTION TABLE_IS_READ_ONLY
         S3_ERROR ABORTED ALL_REPLICAS_ARE_STALE SERVER_OVERLOADED`,
      ],
      [
        'limited',
        `TOO_MANY_SIMULTANEOUS_QUERIES TOO_MANY_PARTS QUOTA_EXCEEDED QUOTA_EXPIRED
         RECEIVED_ERROR_TOO_MANY_REQUESTS`,
      ],
      [
        'contended',
        `TABLE_IS_BEING_RESTARTED DEADLOCK_AVOIDED PART_IS_TEMPORARILY_LOCKED SESSION_IS_LOCKED
         DDL_GUARD_IS_ACTIVE`,
      ],
      [
        'broken',
        'NOT_ENOUGH_SPACE SYSTEM_ERROR CANNOT_ALLOCATE_MEMORY CORRUPTED_DATA LOGICAL_ERROR',
      ],
      [
        'rejected',
        'SYNTAX_ERROR UNKNOWN_TABLE UNKNOWN_IDENTIFIER ACCESS_DENIED TIMEOUT_EXCEEDED MEMORY_LIMIT_EXCEEDED',
      ],
      ['cancelled', 'QUERY_WAS_CANCELLED QUERY_WAS_CANCELLED_BY_CLIENT'],
    ]),
  )('holds that %s is %s', ([type, kind]) => {
    expect(classify(failing({ code: '202', type }))).toBe(kind)
  })
})

describe('isWorthRetrying', () => {
  it.for([
    ['passing', true],
    ['limited', true],
    ['contended', true],
    ['broken', false],
    ['rejected', false],
    ['cancelled', false],
  ] as const)('holds for %s: %s', ([kind, expected]) => {
    const code = {
      passing: 503,
      limited: 429,
      contended: 409,
      broken: 507,
      rejected: 400,
      cancelled: 499,
    }

    expect(isWorthRetrying(failing({ status: code[kind] }))).toBe(expected)
  })

  it('believes an error that says so itself before all tables', () => {
    expect(isWorthRetrying(failing({ status: 503, retryable: false }))).toBe(false)
    expect(isWorthRetrying(failing({ status: 400, retryable: true }))).toBe(true)
  })

  it('does not retry what nothing is known about', () => {
    expect(isWorthRetrying(new Error('It failed.'))).toBe(false)
    expect(isWorthRetrying('a text')).toBe(false)
    expect(isWorthRetrying(undefined)).toBe(false)
    expect(isWorthRetrying(failing({ code: 'toString' }))).toBe(false)
  })

  it('asks the isRetryable of AI SDK errors when no table knows more', () => {
    expect(isWorthRetrying(failing({ isRetryable: true }))).toBe(true)
    expect(isWorthRetrying(failing({ isRetryable: true, statusCode: 400 }))).toBe(false)
  })

  it('ends on causes that go round in a circle', () => {
    const first = failing({})
    const second = failing({ cause: first })
    Object.assign(first, { cause: second })

    expect(isWorthRetrying(first)).toBe(false)
  })
})

describe('countsAsFailure', () => {
  it.for([
    ['passing', 503, true],
    ['broken', 507, true],
    ['limited', 429, false],
    ['contended', 409, false],
    ['rejected', 400, false],
    ['cancelled', 499, false],
  ] as const)('holds for %s failures such as %s: %s', ([, status, expected]) => {
    expect(countsAsFailure(failing({ status }))).toBe(expected)
  })

  it('counts what nothing is known about', () => {
    expect(countsAsFailure(new Error('It failed.'))).toBe(true)
  })
})
