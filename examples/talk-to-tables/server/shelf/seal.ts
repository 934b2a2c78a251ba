import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import { promisify } from 'node:util'
import { deflateRaw, inflateRaw } from 'node:zlib'
import type { Place } from './shelf.ts'

const algorithm = 'aes-256-gcm'
const [nonceBytes, tagBytes] = [12, 16]
const shrink = promisify(deflateRaw)
const grow = promisify(inflateRaw)
/** What one piece may become again; more was not written here. */
const maxPieceBytes = 268_435_456

/** Shrinks a text, and seals it so that only who knows the place can open it, under the same name. */
export async function sealPiece(place: Place, name: string, text: string): Promise<Buffer> {
  const nonce = randomBytes(nonceBytes)
  const cipher = createCipheriv(algorithm, keyOf(place), nonce).setAAD(Buffer.from(name))
  const bytes = await shrink(text, { level: 1 })
  return Buffer.concat([nonce, cipher.update(bytes), cipher.final(), cipher.getAuthTag()])
}

/** Opens what was sealed; `undefined` for what was changed, or sealed for another place. */
export async function openPiece(
  place: Place,
  name: string,
  sealed: Buffer,
): Promise<string | undefined> {
  if (sealed.length < nonceBytes + tagBytes) return undefined
  const end = sealed.length - tagBytes
  const opening = createDecipheriv(algorithm, keyOf(place), sealed.subarray(0, nonceBytes))
    .setAAD(Buffer.from(name))
    .setAuthTag(sealed.subarray(end))
  let bytes: Buffer
  try {
    bytes = Buffer.concat([opening.update(sealed.subarray(nonceBytes, end)), opening.final()])
  } catch {
    return undefined
  }
  return (await grow(bytes, { maxOutputLength: maxPieceBytes })).toString()
}

function keyOf({ owner, name }: Place): Buffer {
  const secret = JSON.stringify([owner, name])
  return Buffer.from(hkdfSync('sha256', secret, '', 'talk-to-tables shelf', 32))
}
