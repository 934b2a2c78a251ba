import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createConnection } from 'mysql2/promise'
import { accountOf, startServer, type OwnServer } from './own-process.ts'

const server = '/usr/sbin/mariadbd'
const installer = '/usr/bin/mariadb-install-db'

/** Says whether this machine can start a MariaDB server of its own. */
export function canOwnMariadb(): boolean {
  return existsSync(server) && existsSync(installer) && accountOf('mysql') !== undefined
}

/** Creates and starts a MariaDB server with room for many connections. */
export function startOwnMariadb(
  maxConnections = 260,
  options: readonly string[] = [],
): Promise<OwnServer> {
  return startServer({
    account: 'mysql',
    url: (port) => `mysql://root@127.0.0.1:${port}/mysql`,
    prepare(data, owner) {
      const creating = [
        '--no-defaults',
        '--auth-root-authentication-method=normal',
        '--skip-test-db',
      ]
      const settings = { ...owner, cwd: dirname(data), stdio: 'ignore' } as const
      execFileSync(installer, [...creating, `--datadir=${data}`], settings)
    },
    command: (data, port) => [
      server,
      '--no-defaults',
      `--datadir=${data}`,
      `--port=${port}`,
      `--socket=${join(dirname(data), 'socket')}`,
      `--max-connections=${maxConnections}`,
      '--bind-address=127.0.0.1',
      '--innodb-flush-log-at-trx-commit=0',
      '--innodb-buffer-pool-size=32M',
      '--skip-name-resolve',
      '--secure-file-priv=',
      ...options,
    ],
    async answers(url) {
      const client = await createConnection(url).catch(() => undefined)
      await client?.end()
      return client !== undefined
    },
  })
}
