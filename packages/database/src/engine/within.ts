/** Rejects when `work` takes too long, as it does on a connection whose other end is gone. */
export async function within(timeoutMs: number, work: () => Promise<unknown>): Promise<void> {
  const late = Promise.withResolvers<never>()
  const fail = (): void =>
    late.reject(Object.assign(new Error('Nothing came in time.'), { code: 'ETIMEDOUT' }))
  const timer = setTimeout(fail, timeoutMs)
  try {
    await Promise.race([work(), late.promise])
  } finally {
    clearTimeout(timer)
  }
}
