import { randomInt } from 'node:crypto'

/** Asks a question of ours inside the session: rows of text, in the order of the statement. */
export type Ask = (
  sql: string,
  values?: readonly string[],
) => Promise<readonly (readonly (string | null)[])[]>

/** A name as PostgreSQL quotes it. */
export function quotedName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** A beginning for `random()` that nobody can foresee, as the setting `seed` takes it. */
export function freshSeed(): string {
  return (randomInt(2 ** 47) / 2 ** 47).toFixed(15)
}
