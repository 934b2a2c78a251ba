import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { chownSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

/** A database server of our own, in a temporary folder, that may be killed. */
export interface OwnServer {
  /** Where its superuser finds it. */
  readonly url: string
  /** Where its files are. */
  readonly folder: string
  /** Ends the server like a loss of power, and resolves when it is gone. */
  killHard(): Promise<void>
  start(): Promise<void>
  /** Ends the server and deletes its folder. */
  stop(): Promise<void>
}

/** How a kind of server is made and started. */
export interface ServerKind {
  /** The account that it runs as when we are root, which servers refuse to be. */
  readonly account: string
  url(port: number): string
  /** Makes its files in `data`. */
  readonly prepare: (data: string, asAccount: Account) => void
  command(data: string, port: number): readonly [program: string, ...args: readonly string[]]
  /** Whether it takes connections. */
  answers(url: string): Promise<boolean>
}

/** Ids to run as; none where we are not root. */
export interface Account {
  readonly uid?: number
  readonly gid?: number
}

/** The ids of an account; `undefined` where it cannot be taken. */
export function accountOf(name: string): Account | undefined {
  if (process.getuid?.() !== 0) return {}
  try {
    const id = (flag: string): number => Number(execFileSync('id', [flag, name]).toString())
    return { uid: id('-u'), gid: id('-g') }
  } catch {
    return undefined
  }
}

/** Makes and starts a server of a kind. */
export async function startServer(kind: ServerKind): Promise<OwnServer> {
  const folder = mkdtempSync(join(tmpdir(), 'own-server-'))
  const data = join(folder, 'data')
  const owner = accountOf(kind.account) ?? {}
  if (owner.uid !== undefined) chownSync(folder, owner.uid, owner.gid ?? owner.uid)
  kind.prepare(data, owner)
  const port = await freePort()
  const url = kind.url(port)
  let child: ChildProcess | undefined

  /** Waits for a server that starts; `false` when it gave up, as it does while old parts live. */
  const isUp = async (started: ChildProcess): Promise<boolean> => {
    while (started.exitCode === null && started.signalCode === null) {
      if (await kind.answers(url)) return true
      await pause(20)
    }
    return false
  }
  const start = async (): Promise<void> => {
    for (;;) {
      const [program, ...args] = kind.command(data, port)
      child = spawn(program, args, { ...owner, cwd: folder, stdio: 'ignore' })
      if (await isUp(child)) return
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
    folder: data,
    start,
    killHard: () => end('SIGKILL'),
    async stop() {
      await end('SIGQUIT')
      await end('SIGKILL')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** A port that nobody has, below those that connections take for themselves while a server is away. */
async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(10_000, 30_000)
    const server = createServer().listen(port, '127.0.0.1')
    const isFree = await once(server, 'listening').then(
      () => true,
      () => false,
    )
    if (!isFree) continue
    server.close()
    await once(server, 'close')
    return port
  }
}
