import { spawn, type ChildProcess } from 'node:child_process'
import { connect } from 'node:net'

/** A Redis server of this benchmark alone, without any file. */
export interface OwnRedis {
  readonly port: number
  /** Ends it at once, without any goodbye to its clients. */
  kill(): Promise<void>
}

const program = 'redis-server'

/** Starts a server on a port of its own; `undefined` when there is no `redis-server` here. */
export async function startRedis(port: number): Promise<OwnRedis | undefined> {
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no']
  const server = spawn(program, args, { stdio: 'ignore' })
  const ended = new Promise<void>((resolve) => {
    server.once('exit', () => resolve())
    server.once('error', () => resolve())
  })
  const isUp = await Promise.race([untilUp(port), ended.then(() => false)])
  if (!isUp) return undefined
  return {
    port,
    kill: async () => {
      stop(server)
      await ended
    },
  }
}

function stop(server: ChildProcess): void {
  server.kill('SIGKILL')
}

async function untilUp(port: number): Promise<boolean> {
  for (let attempt = 0; attempt < 100; attempt++) {
    if (await accepts(port)) return true
    await new Promise((resolve) => {
      setTimeout(resolve, 50)
    })
  }
  return false
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port })
    const settle = (isUp: boolean): void => {
      socket.destroy()
      resolve(isUp)
    }
    socket.once('connect', () => settle(true))
    socket.once('error', () => settle(false))
  })
}
