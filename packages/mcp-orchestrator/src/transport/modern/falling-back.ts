import { SdkError, SdkErrorCode } from '@modelcontextprotocol/client'
import { isConnectionError } from '../../outcome/failure.ts'
import type { Connector } from '../../upstream/connection.ts'
import type { Protocol } from './protocol.ts'

/**
 * Asks a server in `auto` first, and in `legacy` when it does not answer the question, or ends
 * because of it. The answer is kept until `legacy` fails too.
 */
export function fallingBack(
  protocol: Protocol,
  create: (protocol: Protocol) => Connector,
): Connector {
  if (protocol !== 'auto') return create(protocol)
  const asking = create('auto')
  const telling = create('legacy')
  let isSilent = false
  return {
    description: asking.description,
    connect: async (signal, onNotice) => {
      if (!isSilent) {
        try {
          return await asking.connect(signal, onNotice)
        } catch (error) {
          signal.throwIfAborted()
          if (!isAfterQuestion(error)) throw error
        }
      }
      isSilent = false
      const connection = await telling.connect(signal, onNotice)
      isSilent = true
      return connection
    },
    ...(asking.diagnose === undefined
      ? {}
      : { diagnose: () => telling.diagnose?.() ?? asking.diagnose?.() }),
  }
}

/** Whether nothing but the question was asked: no other request has a limit of the SDK's own. */
function isAfterQuestion(error: unknown): boolean {
  if (!isConnectionError(error)) return false
  const { cause } = error
  if (error.kind === 'closed') return true
  return cause instanceof SdkError && cause.code === SdkErrorCode.RequestTimeout
}
