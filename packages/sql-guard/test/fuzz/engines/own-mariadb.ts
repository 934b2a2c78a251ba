import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import mysqlClient from 'mysql2/promise'

const [program, installer] = ['/usr/sbin/mariadbd', '/usr/bin/mariadb-install-db']

/** Whether a MariaDB server can be started here. */
export const hasMariadb = existsSync(program) && existsSync(installer)

/** A MariaDB server that nobody else uses: a text that makes it crash must not harm others. */
export interface OwnMariadb {
  readonly socketPath: string
  stop(): Promise<void>
}

/** Starts a server in a temporary folder; it ends with this process. */
export async function startMariadb(): Promise<OwnMariadb> {
  const folder = mkdtempSync(join(tmpdir(), 'guard-fuzz-'))
  const socketPath = join(folder, 'socket')
  const common = [
    `--datadir=${join(folder, 'data')}`,
    ...(process.getuid?.() === 0 ? ['--user=root'] : []),
  ]
  execFileSync(
    installer,
    ['--no-defaults', '--auth-root-authentication-method=normal', ...common],
    {
      stdio: 'ignore',
    },
  )
  const server = spawn(
    program,
    [
      '--no-defaults',
      ...common,
      `--socket=${socketPath}`,
      '--skip-networking',
      '--skip-stack-trace',
      '--character-set-server=utf8mb4',
      '--collation-server=utf8mb4_general_ci',
      '--innodb-flush-log-at-trx-commit=0',
      '--innodb-buffer-pool-size=32M',
      '--performance-schema=OFF',
    ],
    { cwd: folder, stdio: 'ignore' },
  )
  const gone = new Promise<void>((resolve) => {
    server.once('exit', () => resolve())
  })
  const end = (): void => {
    server.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }
  const endAll = (): void => {
    end()
    process.exit(1)
  }
  process.once('exit', end)
  process.once('SIGTERM', endAll)
  process.once('SIGINT', endAll)
  while (!(await answers(socketPath))) {
    if (server.exitCode !== null) throw new Error('The MariaDB server does not start.')
    await pause(50)
  }
  return {
    socketPath,
    async stop() {
      server.kill('SIGKILL')
      await gone
      end()
      process.off('exit', end).off('SIGTERM', endAll).off('SIGINT', endAll)
    },
  }
}

async function answers(socketPath: string): Promise<boolean> {
  try {
    const client = await mysqlClient.createConnection({ socketPath, user: 'root' })
    await client.end()
    return true
  } catch {
    return false
  }
}
