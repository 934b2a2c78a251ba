import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import pg from 'pg'
import { accountOf, startServer, type OwnServer } from './own-process.ts'

const root = '/usr/lib/postgresql'

/** The folder of the newest server programs of this machine. */
function programs(): string | undefined {
  if (!existsSync(root)) return undefined
  const [newest] = readdirSync(root).toSorted((one, other) => Number(other) - Number(one))
  return newest === undefined ? undefined : join(root, newest, 'bin')
}

/** Says whether this machine can start a PostgreSQL server of its own. */
export function canOwnPostgres(): boolean {
  return programs() !== undefined && accountOf('postgres') !== undefined
}

/** Creates and starts a PostgreSQL server with room for many connections. */
export function startOwnPostgres(maxConnections = 150): Promise<OwnServer> {
  const bin = programs() ?? ''
  return startServer({
    account: 'postgres',
    url: (port) => `postgres://postgres@127.0.0.1:${port}/postgres`,
    prepare(data, owner) {
      const options = ['-U', 'postgres', '-A', 'trust', '-N', '-E', 'UTF8']
      const settings = { ...owner, cwd: dirname(data), stdio: 'ignore' } as const
      execFileSync(join(bin, 'initdb'), ['-D', data, ...options], settings)
    },
    command: (data, port) => [
      join(bin, 'postgres'),
      '-D',
      data,
      `--port=${port}`,
      `--unix-socket-directories=${dirname(data)}`,
      '--listen-addresses=127.0.0.1',
      `--max-connections=${maxConnections}`,
      '--fsync=off',
      // Nothing changes files but what is asked.
      '--autovacuum=off',
      '--checkpoint-timeout=1h',
    ],
    async answers(url) {
      const client = new pg.Client(url)
      client.on('error', () => {})
      const isOpen = await client.connect().then(
        () => true,
        () => false,
      )
      if (isOpen) await client.end()
      return isOpen
    },
  })
}
