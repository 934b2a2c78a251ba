import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import type { Readable } from 'node:stream'
import { getDefaultEnvironment } from '@modelcontextprotocol/sdk/client/stdio.js'
import { ReadBuffer, serializeMessage } from '@modelcontextprotocol/sdk/shared/stdio.js'
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js'
import { ConnectionError } from '../../errors/connection-error.ts'
import { tooLarge } from '../web/capped-body.ts'

/** Bytes that may wait for the process to read them before another message is refused. */
const maxBacklogBytes = 16 * 1024 * 1024

const isWindows = process.platform === 'win32'

/** How a server process is started and ended. */
export interface ChildProcessOptions {
  readonly command: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly cwd: string | undefined
  readonly graceMs: number
  readonly maxMessageBytes: number
  /** Given the standard error of the process. */
  readonly onStderr: (stream: Readable) => void
  /** Given what the process printed instead of a message, as far as it can be told. */
  readonly onUnreadable: (text: string) => void
}

/**
 * A transport to a process of its own, without a shell.
 *
 * Unlike the SDK's, it makes the process the leader of a group and ends the whole group, so that
 * a wrapper such as `npx` leaves nothing behind.
 */
export class ChildProcessTransport implements Transport {
  onclose?: () => void
  onerror?: (error: Error) => void
  onmessage?: Transport['onmessage']
  /** Why the connection ended by itself, once it did. */
  failure: ConnectionError | undefined
  readonly #options: ChildProcessOptions
  readonly #buffer: ReadBuffer
  readonly #exited = Promise.withResolvers<void>()
  #isInputOver = false
  #child: ChildProcessWithoutNullStreams | undefined
  #closing: Promise<void> | undefined

  constructor(options: ChildProcessOptions) {
    this.#options = options
    this.#buffer = new ReadBuffer({ maxBufferSize: options.maxMessageBytes })
  }

  start(): Promise<void> {
    const { command, args, env, cwd } = this.#options
    const child = spawn(command, args, {
      env: { ...getDefaultEnvironment(), ...env },
      cwd,
      stdio: 'pipe',
      shell: false,
      detached: !isWindows,
      windowsHide: true,
    })
    this.#child = child
    this.#options.onStderr(child.stderr)
    child.stdin.on('error', (error) => this.onerror?.(error))
    child.stdin.on('close', () => {
      this.#isInputOver = true
    })
    child.stdout.on('error', (error) => this.onerror?.(error))
    child.stdout.on('data', (chunk: Buffer) => this.#receive(chunk))
    child.on('close', (code, signal) => {
      const how = code === null ? `on ${signal}` : `with exit code ${code}`
      this.failure ??= new ConnectionError('closed', `The server process ended ${how}.`)
      this.#exited.resolve()
      this.onclose?.()
    })
    return new Promise((resolve, reject) => {
      child.once('spawn', resolve)
      child.once('error', (error: NodeJS.ErrnoException) => {
        this.#exited.resolve()
        const reason = error.code ?? error.name
        const message = `The server process could not be started (${reason}).`
        const isPermanent = ['ENOENT', 'EACCES', 'ENOTDIR', 'EPERM'].includes(reason)
        this.failure = new ConnectionError('unreachable', message, { cause: error, isPermanent })
        reject(this.failure)
      })
    })
  }

  async send(message: JSONRPCMessage): Promise<void> {
    const stdin = this.#child?.stdin
    if (stdin === undefined || this.#isInputOver || this.failure !== undefined) {
      throw new ConnectionError('closed', 'The server process is gone.', { isSafeToRepeat: true })
    }
    if (stdin.writableLength > maxBacklogBytes) {
      const message = 'The server process does not read what it is sent.'
      this.failure ??= new ConnectionError('invalid', message)
      void this.close()
      throw this.failure
    }
    // Nothing waits for the pipe to drain: an answer, the end or a deadline comes anyway.
    stdin.write(serializeMessage(message))
  }

  close(): Promise<void> {
    return (this.#closing ??= this.#end())
  }

  #receive(chunk: Buffer): void {
    try {
      this.#buffer.append(chunk)
    } catch {
      this.failure ??= tooLarge(this.#options.maxMessageBytes)
      void this.close()
      return
    }
    for (;;) {
      try {
        const message = this.#buffer.readMessage()
        if (message === null) return
        this.onmessage?.(message)
      } catch (error) {
        const fault = error instanceof Error ? error : new Error(String(error))
        this.#options.onUnreadable(fault.message)
        this.onerror?.(fault)
      }
    }
  }

  async #end(): Promise<void> {
    const child = this.#child
    if (child?.pid === undefined) return
    this.#isInputOver = true
    child.stdin.end()
    for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
      if (await this.#hasExitedWithin(this.#options.graceMs)) break
      kill(child, signal)
    }
    await this.#exited.promise
    // What the server started itself may still be there.
    kill(child, 'SIGKILL')
    this.#buffer.clear()
  }

  async #hasExitedWithin(ms: number): Promise<boolean> {
    const timer = Promise.withResolvers<false>()
    const timeout = setTimeout(timer.resolve, ms, false)
    const exited = this.#exited.promise.then(() => true)
    const hasExited = await Promise.race([exited, timer.promise])
    clearTimeout(timeout)
    return hasExited
  }
}

/** Signals the whole group of the process, where the platform has groups. */
function kill(child: ChildProcessWithoutNullStreams, signal: 'SIGTERM' | 'SIGKILL'): void {
  try {
    if (isWindows || child.pid === undefined) child.kill(signal)
    else process.kill(-child.pid, signal)
  } catch {
    // The group is gone already.
  }
}
