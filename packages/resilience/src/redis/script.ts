import { createHash } from 'node:crypto'
import type { SendCommand } from './redis-client.ts'

/** Runs a Lua script over one key: by its hash, or by its text when the server does not know it. */
export type RunScript = (key: string, args: readonly (string | number)[]) => Promise<unknown>

/** Prepares a script for a client. */
export function scriptOf(send: SendCommand, lua: string): RunScript {
  const hash = createHash('sha1').update(lua).digest('hex')
  return async (key, args) => {
    const rest = ['1', key, ...args.map(String)]
    try {
      return await send(['EVALSHA', hash, ...rest])
    } catch (error) {
      if (!isUnknownScript(error)) throw error
      return send(['EVAL', lua, ...rest])
    }
  }
}

function isUnknownScript(error: unknown): boolean {
  return error instanceof Error && /noscript/i.test(error.message)
}

/** Reads the numbers that a script gave back, whatever type the client made of them. */
export function numbersOf(reply: unknown): readonly number[] {
  if (!Array.isArray(reply)) return []
  return reply.map(Number)
}
