import { createHash, randomBytes } from 'node:crypto'
import type { ServerConfig } from '../config/schema.ts'
import type { Caller } from './caller.ts'

/** Makes a caller; `undefined` when the role is not one there is. */
export type CallerOf = (
  id: string,
  role: string,
  attributes: Caller['attributes'],
) => Caller | undefined

/**
 * Finds the caller of a key by its SHA-256.
 *
 * A fast hash is enough: keys hold 256 random bits, so that none can be found by trying. What is
 * compared is the hash, so the time that it takes tells nothing of a key.
 */
export function apiKeys(
  keys: ServerConfig['auth']['api_keys'],
  callerOf: CallerOf,
): (key: string) => Caller | undefined {
  const byHash = new Map(keys.map((key) => [key.sha256, key]))
  return (key) => {
    const found = byHash.get(hashOfKey(key))
    return found && callerOf(`key:${found.name}`, found.role, found.attributes)
  }
}

/** A new key, to be given to a person, and what the configuration holds of it. */
export function newApiKey(): { readonly key: string; readonly sha256: string } {
  const key = `t2t_${randomBytes(32).toString('base64url')}`
  return { key, sha256: hashOfKey(key) }
}

function hashOfKey(key: string): string {
  return createHash('sha256').update(key).digest('hex')
}
