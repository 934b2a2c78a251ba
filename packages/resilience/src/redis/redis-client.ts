/**
 * What this package needs of a Redis client: a way to send any command. ioredis and iovalkey have
 * `call`, redis (node-redis) has `sendCommand`, valkey-glide has `customCommand`; a function that
 * takes the words of a command does for all others.
 */
export type RedisClient =
  | { call(command: string, args: string[]): Promise<unknown> }
  | { sendCommand(words: string[]): Promise<unknown> }
  | { customCommand(words: string[]): Promise<unknown> }
  | SendCommand

/** Sends one command, given as its words. */
export type SendCommand = (words: string[]) => Promise<unknown>

/** Reads from a client how it sends commands. */
export function senderOf(client: RedisClient): SendCommand {
  if (typeof client === 'function') return client
  // ioredis has a `sendCommand` too, of another kind: `call` comes first.
  if ('call' in client) return ([command = '', ...args]) => client.call(command, args)
  if ('customCommand' in client) return (words) => client.customCommand(words)
  return (words) => client.sendCommand(words)
}
