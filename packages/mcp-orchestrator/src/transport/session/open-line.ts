import type { ConnectionError } from '../../errors/connection-error.ts'
import type { ConnectionNotice } from '../../upstream/connection.ts'
import type { ElicitOption } from './elicit.ts'

/** A transport that was not started, and what differs between transports. */
export interface OpenLine<Transport> extends ElicitOption {
  readonly transport: Transport
  /** Texts that must not appear in messages. */
  readonly secrets: readonly string[]
  /** Whether the connection is a session of its own, which a server that was restarted has lost. */
  readonly isSession?: boolean | undefined
  /** Why the connection ended by itself, once it did. */
  readonly failure?: (() => ConnectionError | undefined) | undefined
  /** Says goodbye to the server, before the transport is closed. */
  readonly leave?: (() => Promise<void>) | undefined
  /** Tries to get what a request was refused for; resolves with whether to send it again. */
  readonly authorize?: ((error: unknown) => Promise<boolean>) | undefined
  readonly onNotice?: ((notice: ConnectionNotice) => void) | undefined
}
