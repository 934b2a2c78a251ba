import type { FileHandle } from 'node:fs/promises'

const chunkBytes = 65_536
const newline = 10

/** The end of the last whole line of a file, in bytes: what is after it was torn off. */
export async function wholeBytes(file: FileHandle): Promise<number> {
  const { size } = await file.stat()
  const buffer = Buffer.alloc(Math.min(chunkBytes, size))
  for (let end = size; end > 0;) {
    const length = Math.min(buffer.length, end)
    await readFully(file, buffer, length, end - length)
    const found = buffer.subarray(0, length).lastIndexOf(newline)
    if (found >= 0) return end - length + found + 1
    end -= length
  }
  return 0
}

/** One line, without its end, and the place at which it begins, in bytes. */
export interface Line {
  readonly text: string
  readonly start: number
}

/** Gives the whole lines of a file from the last one to the first; a torn end is left out. */
export async function* linesFromEnd(file: FileHandle): AsyncGenerator<Line, undefined> {
  let end = (await wholeBytes(file)) - 1
  // Pieces of the line that goes on to the left, from right to left.
  let pieces: Buffer[] = []
  while (end > 0) {
    const length = Math.min(chunkBytes, end)
    const from = end - length
    const chunk = Buffer.alloc(length)
    await readFully(file, chunk, length, from)
    let right = length
    for (let place; (place = chunk.subarray(0, right).lastIndexOf(newline)) >= 0; right = place) {
      pieces.push(chunk.subarray(place + 1, right))
      yield { text: joined(pieces), start: from + place + 1 }
      pieces = []
    }
    pieces.push(chunk.subarray(0, right))
    end = from
  }
  if (pieces.length > 0) yield { text: joined(pieces), start: 0 }
  return undefined
}

/** Reads the first line of a file; absent when it has none that is whole. */
export async function firstLine(file: FileHandle): Promise<string | undefined> {
  const pieces: Buffer[] = []
  for (let from = 0; ; from += chunkBytes) {
    const chunk = Buffer.alloc(chunkBytes)
    const { bytesRead } = await file.read(chunk, 0, chunkBytes, from)
    if (bytesRead === 0) return undefined
    const end = chunk.subarray(0, bytesRead).indexOf(newline)
    pieces.unshift(chunk.subarray(0, end < 0 ? bytesRead : end))
    if (end >= 0) return joined(pieces)
  }
}

/** Joins pieces that were found from right to left. */
function joined(pieces: readonly Buffer[]): string {
  return Buffer.concat(pieces.toReversed()).toString('utf8')
}

async function readFully(
  file: FileHandle,
  buffer: Buffer,
  length: number,
  from: number,
): Promise<void> {
  for (let done = 0; done < length;) {
    const { bytesRead } = await file.read(buffer, done, length - done, from + done)
    if (bytesRead === 0) throw new Error('The file became shorter while it was read.')
    done += bytesRead
  }
}
