import type { Readable } from 'node:stream'
import { plainLine } from '../../outcome/plain-text.ts'
import { redact } from '../session/redact.ts'

/** Characters that are kept. */
const maxLength = 2_000

/** Lines that are shown. */
const maxLines = 3

/** Keeps the last lines that a server complained with. */
export class StderrTail {
  readonly #secrets: readonly string[]
  #text = ''

  constructor(secrets: readonly string[]) {
    this.#secrets = secrets
  }

  /** Reads the stream to its end, so that the server never waits for a reader. */
  follow(stream: Readable): void {
    stream.setEncoding('utf8')
    stream.on('data', (chunk: string) => this.add(chunk))
    stream.on('error', () => undefined)
  }

  add(chunk: string): void {
    this.#text = (this.#text + chunk).slice(-maxLength)
  }

  clear(): void {
    this.#text = ''
  }

  /** The last lines as one, without secrets. */
  get line(): string | undefined {
    const lines = this.#text.split('\n').filter((line) => line.trim() !== '')
    if (lines.length === 0) return undefined
    return plainLine(redact(lines.slice(-maxLines).join(' / '), this.#secrets))
  }
}
