import { Duplex } from 'node:stream'
import { EngineUnsupportedError } from '../../errors/errors.ts'

/** What a connection of `mysql2` reads from; its types leave it out. */
export function streamOf(connection: object): Duplex {
  const stream: unknown = 'stream' in connection ? connection.stream : undefined
  if (stream instanceof Duplex) return stream
  throw new EngineUnsupportedError('This version of mysql2 does not show its stream.')
}

/**
 * Cuts a connection, so that everything that waits for an answer on it hears that it is lost.
 * `destroy` of `mysql2` would leave all of that waiting for ever.
 */
export function cutOff(connection: object): void {
  streamOf(connection).destroy()
}

/** Turns a call that takes a callback into a promise. */
export function promised<Value>(
  call: (done: (error: Error | null, value: Value) => void) => void,
): Promise<Value> {
  return new Promise((resolve, reject) => {
    call((error, value) => (error === null || error === undefined ? resolve(value) : reject(error)))
  })
}

/** Rows as arrays; anything else that a statement gives is no row. */
export function rowsOf(value: unknown): readonly (readonly unknown[])[] {
  return listOf(value).filter((row) => Array.isArray(row))
}

/** A list, or an empty one where there is none. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}
