import { createHash } from 'node:crypto'
import { defaultOwnerShare, type Pieces, type Place, type Shelf, type ShelfRoom } from './shelf.ts'
import { openPiece, sealPiece } from './seal.ts'

/** What this needs of a client of Redis; ioredis has it. */
export interface ShelfClient {
  eval(script: string, keys: number, ...rest: (string | number | Buffer)[]): Promise<unknown>
  hmgetBuffer(key: string, ...fields: string[]): Promise<(Buffer | null)[]>
}

export interface RedisShelfOptions extends ShelfRoom {
  readonly client: ShelfClient
  /** What all keys begin with; braces keep them together in a cluster. */
  readonly prefix: string
}

/**
 * A place is a hash. Two sorted sets name the places by the time at which they end, of everybody and
 * of its owner; a hash beside each holds their sizes, and their sum under an empty name.
 *
 * KEYS: the place, everybody's places and sizes, the owner's places and sizes.
 * ARGV: what to do, milliseconds to keep, bytes, most bytes of all, most bytes of the owner, then
 * names and pieces.
 */
const script = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local place, all, allSizes, own, ownSizes = unpack(KEYS)
local function leave(places, sizes, key)
  redis.call('ZREM', places, key)
  local size = redis.call('HGET', sizes, key)
  if not size then return end
  redis.call('HDEL', sizes, key)
  redis.call('HINCRBY', sizes, '', -size)
end
local function forget(key)
  redis.call('DEL', key)
  leave(all, allSizes, key)
  local places = string.match(key, '^(.*):[^:]*$')
  leave(places, places .. ':sizes', key)
end
local function room(places, sizes, bytes, max)
  for _, key in ipairs(redis.call('ZRANGEBYSCORE', places, '-inf', now)) do forget(key) end
  while tonumber(redis.call('HGET', sizes, '') or '0') + bytes > max do
    local first = redis.call('ZRANGE', places, 0, 0)[1]
    if not first then
      redis.call('DEL', sizes)
      return
    end
    forget(first)
  end
end
if ARGV[1] == 'clear' then
  forget(place)
  return 1
end
if ARGV[1] == 'clear-all' then
  local keys = redis.call('ZRANGE', own, 0, -1)
  for _, key in ipairs(keys) do forget(key) end
  return #keys
end
if ARGV[1] == 'claim' and redis.call('EXISTS', place) == 1 then return 0 end
local keepMs, bytes = tonumber(ARGV[2]), tonumber(ARGV[3])
forget(place)
if bytes > tonumber(ARGV[5]) then return 0 end
room(own, ownSizes, bytes, tonumber(ARGV[5]))
room(all, allSizes, bytes, tonumber(ARGV[4]))
for at = 6, #ARGV, 2 do redis.call('HSET', place, ARGV[at], ARGV[at + 1]) end
redis.call('PEXPIRE', place, keepMs)
for _, each in ipairs({{all, allSizes}, {own, ownSizes}}) do
  redis.call('ZADD', each[1], now + keepMs, place)
  redis.call('HSET', each[2], place, bytes)
  redis.call('HINCRBY', each[2], '', bytes)
  for _, key in ipairs(each) do
    if redis.call('PTTL', key) < keepMs then redis.call('PEXPIRE', key, keepMs) end
  end
end
return 1
`

/**
 * Keeps the places of several processes in Redis or Valkey, for as long as they are to be kept.
 *
 * Names of places and owners are hashed there, and pieces are sealed with a key that is made of
 * both: who reads Redis, but has no such name, reads no rows.
 */
export function createRedisShelf({
  client,
  prefix,
  maxBytes,
  ownerShare = defaultOwnerShare,
}: RedisShelfOptions): Shelf {
  const keysOf = ({ owner, name }: Place): readonly string[] => {
    const [all, own] = [`${prefix}{kept}`, `${prefix}{kept}:${hash(owner)}`]
    return [
      `${own}:${hash(JSON.stringify([owner, name]))}`,
      all,
      `${all}:sizes`,
      own,
      `${own}:sizes`,
    ]
  }
  const run = async (
    keys: readonly string[],
    ...rest: (string | number | Buffer)[]
  ): Promise<number> => Number(await client.eval(script, keys.length, ...keys, ...rest))
  const write = async (
    what: 'put' | 'claim',
    place: Place,
    pieces: Pieces,
    keepMs: number,
  ): Promise<boolean> => {
    const sealed = await Promise.all(
      Object.entries(pieces).map(async ([name, text]) => ({
        name,
        bytes: await sealPiece(place, name, text),
      })),
    )
    const bytes = sealed.reduce((sum, piece) => sum + piece.bytes.length, overheadBytes)
    const rest = sealed.flatMap((piece) => [piece.name, piece.bytes])
    const ownerBytes = Math.floor(maxBytes * ownerShare)
    const done = await run(
      keysOf(place),
      what,
      Math.ceil(keepMs),
      bytes,
      maxBytes,
      ownerBytes,
      ...rest,
    )
    return done === 1
  }

  return {
    put: (place, pieces, keepMs) => write('put', place, pieces, keepMs),
    claim: (place, pieces, keepMs) => write('claim', place, pieces, keepMs),
    async get(place, names) {
      const [key = ''] = keysOf(place)
      const found = await client.hmgetBuffer(key, ...names)
      return Promise.all(
        names.map((name, at) => {
          const bytes = found[at]
          return bytes ? openPiece(place, name, bytes) : Promise.resolve(undefined)
        }),
      )
    },
    clear: async (place) => void (await run(keysOf(place), 'clear')),
    clearAll: (owner) => run(keysOf({ owner, name: '' }), 'clear-all'),
  }
}

/** About what Redis takes for a place beside its pieces, in bytes. */
const overheadBytes = 1_024

function hash(text: string): string {
  return createHash('sha256').update(text).digest('base64url')
}
