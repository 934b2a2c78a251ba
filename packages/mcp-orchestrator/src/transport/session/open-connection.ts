import { settleWith } from '../../clock/deadline.ts'
import type { Connection } from '../../upstream/connection.ts'
import type { Fault } from './classify.ts'
import { connectionOf } from './connection-of.ts'
import { LineErrors } from './line-errors.ts'
import type { OpenLine } from './open-line.ts'
import { createRequester } from './requester.ts'
import type { Session, SessionRequestOptions } from './session.ts'

/** What both SDKs' clients have in common before they are connected. */
export interface SessionClient<Transport> {
  onclose?: (() => void) | undefined
  connect(transport: Transport, options: SessionRequestOptions): Promise<void>
  close(): Promise<void>
}

/** What a transport of either SDK has in common. */
interface SessionTransport {
  readonly sessionId?: string | undefined
  close(): Promise<void>
}

/** The client of one SDK, and what it takes to use it. */
export interface OpenConnectionOptions<Transport> {
  readonly client: SessionClient<Transport>
  readonly readFault: (error: unknown) => Fault
  /** Called once the client is connected. */
  readonly createSession: () => Session
}

/** How both SDKs' clients present themselves. */
export const clientInfo = { name: 't2t-mcp-orchestrator', version: '0.0.0' }

/**
 * Checks no answer against the schema that its own server gave: a pattern in such a schema can keep
 * this process busy for ever. Nor does each client compile the schema of all schemas then.
 */
const trusting = {
  getValidator: () => (input: unknown) => ({
    valid: true as const,
    data: input as never,
    errorMessage: undefined,
  }),
}

/** What both SDKs' clients are created with; they say whether anybody can be asked. */
export function clientOptionsOf({ elicit }: Pick<OpenLine<unknown>, 'elicit'>) {
  const base = { jsonSchemaValidator: trusting }
  if (elicit === undefined) return base
  return { ...base, capabilities: { elicitation: { form: { applyDefaults: true } } } }
}

/** Connects a client, and gives the connection that is built on it. */
export async function openConnection<Transport extends SessionTransport>(
  line: OpenLine<Transport>,
  { client, readFault, createSession }: OpenConnectionOptions<Transport>,
  signal: AbortSignal,
): Promise<Connection> {
  const { transport, leave, authorize } = line
  const errors = new LineErrors(line, readFault)
  client.onclose = () => errors.end()
  try {
    const dial = createRequester(errors)
    // Not every step of the clients listens to the signal: starting a transport does not.
    await settleWith(signal, () => dial(signal, (options) => client.connect(transport, options)))
  } catch (error) {
    await transport.close().catch(() => undefined)
    throw error
  }
  errors.isConnected = true
  return connectionOf({
    session: createSession(),
    request: createRequester(errors, authorize),
    close: async () => {
      await leave?.().catch(() => undefined)
      // The client forgets a transport that closed by itself; it may still have to be cleaned up.
      await client.close().catch(() => undefined)
      await transport.close().catch(() => undefined)
    },
  })
}
