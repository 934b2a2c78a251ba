import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'

/** A PostgreSQL server of our own, in a temporary folder, that may be killed. */
export interface OwnServer {
  readonly url: string
  /** Ends the server like a loss of power, and resolves when it is gone. */
  killHard(): Promise<void>
  start(): Promise<void>
  /** Ends the server and deletes its folder. */
  stop(): Promise<void>
}

const root = '/usr/lib/postgresql'

/** The folder of the newest server programs of this machine. */
function programs(): string | undefined {
  if (!existsSync(root)) return undefined
  const [newest] = readdirSync(root).toSorted((one, other) => Number(other) - Number(one))
  return newest === undefined ? undefined : join(root, newest, 'bin')
}

/** PostgreSQL refuses to run as root, and another account needs root to be taken. */
function account(): { readonly uid?: number; readonly gid?: number } | undefined {
  if (process.getuid?.() !== 0) return {}
  try {
    const id = (flag: string): number => Number(execFileSync('id', [flag, 'postgres']).toString())
    return { uid: id('-u'), gid: id('-g') }
  } catch {
    return undefined
  }
}

/** Says whether this machine can start a server of its own. */
export function canOwnServer(): boolean {
  return programs() !== undefined && account() !== undefined
}

/** Creates and starts a server with room for many connections. */
export async function startOwnServer(maxConnections = 150): Promise<OwnServer> {
  const folder = mkdtempSync(join(tmpdir(), 'own-postgres-'))
  const owner = account() ?? {}
  if (owner.uid !== undefined) chownSync(folder, owner.uid, owner.gid ?? owner.uid)
  const bin = programs() ?? ''
  execFileSync(
    join(bin, 'initdb'),
    ['-D', join(folder, 'data'), '-U', 'postgres', '-A', 'trust', '-N', '-E', 'UTF8'],
    { ...owner, cwd: folder, stdio: 'ignore' },
  )
  const port = await freePort()
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`
  let child: ChildProcess | undefined

  const start = async (): Promise<void> => {
    for (;;) {
      const settings = [
        'listen_addresses=127.0.0.1',
        `max_connections=${maxConnections}`,
        'fsync=off',
      ]
      child = spawn(
        join(bin, 'postgres'),
        ['-D', join(folder, 'data'), '-p', String(port), '-k', folder].concat(
          settings.flatMap((setting) => ['-c', setting]),
        ),
        { ...owner, cwd: folder, stdio: 'ignore' },
      )
      if (await answers(url, child)) return
    }
  }
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    child.kill(signal)
    await gone
  }
  await start()
  return {
    url,
    start,
    killHard: () => end('SIGKILL'),
    async stop() {
      await end('SIGINT')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Waits for a server that starts; `false` when it gave up, as it does while old backends live. */
async function answers(url: string, child: ChildProcess): Promise<boolean> {
  while (child.exitCode === null && child.signalCode === null) {
    const client = new pg.Client(url)
    client.on('error', () => {})
    const isOpen = await client.connect().then(
      () => true,
      () => false,
    )
    if (isOpen) {
      await client.end()
      return true
    }
    await pause(20)
  }
  return false
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  return typeof address === 'object' && address !== null ? address.port : 0
}
