/** How long saying goodbye to a server may take, in milliseconds. */
const leaveTimeoutMs = 1_000

/** Tells the server that the session is over, without waiting for it any longer than a second. */
export async function endSession(transport: { terminateSession(): Promise<void> }): Promise<void> {
  const patience = Promise.withResolvers<void>()
  const timer = setTimeout(patience.resolve, leaveTimeoutMs)
  try {
    await Promise.race([transport.terminateSession(), patience.promise])
  } finally {
    clearTimeout(timer)
  }
}
