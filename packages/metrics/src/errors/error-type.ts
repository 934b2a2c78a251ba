/**
 * Names an error for the label `error.type`: by its code when that looks like one, else by its
 * name. Messages are never used, because they can hold anything.
 */
export function errorType(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  const code = 'code' in error ? error.code : undefined
  return typeof code === 'string' && /^[A-Za-z0-9_.-]{1,64}$/.test(code) ? code : error.name
}
