import { mysql } from '@t2t/database/mysql'
import { mysql as dialect } from '@t2t/sql-guard/mysql'
import { createConnection, type Connection } from 'mysql2/promise'
import {
  mariadbAttacks,
  mariadbExtras,
} from '../../../sql-guard/test/attacks/mariadb/mariadb.attacks.ts'
import { worldSchema } from '../../../sql-guard/test/attacks/world.ts'
import { canOwnMariadb, startOwnMariadb } from '../server-faults/own-mariadb.ts'
import { askedThrough, openServerWorld } from './server-world.ts'
import { filesIn, strayFiles, type World } from './world.ts'

export { canOwnMariadb as canOpenMariadbWorld }

const database = 'attacked'
const passing = /^(?:ib_|ibtmp|undo|aria_log|ddl_recovery|.*\.pid$|.*\.err$|ib_buffer_pool)/

const aspects: Readonly<Record<string, string>> = {
  tables: `SELECT table_schema, table_name, table_type, engine, create_options, table_comment
    FROM information_schema.tables WHERE table_schema <> 'information_schema' ORDER BY 1, 2`,
  columns: `SELECT table_name, column_name, column_type, generation_expression
    FROM information_schema.columns WHERE table_schema = '${database}' ORDER BY 1, 2`,
  'rows of customers': 'SELECT * FROM customers ORDER BY id',
  'rows of orders': 'SELECT * FROM orders ORDER BY id',
  'rows of secrets': 'SELECT * FROM secrets ORDER BY id',
  'rows of numbers_log': 'SELECT * FROM numbers_log',
  sequences: 'SELECT next_not_cached_value, cycle_count FROM numbers',
  accounts: 'SELECT * FROM mysql.global_priv ORDER BY user, host',
  grants: 'SELECT * FROM mysql.db',
  'grants of tables': 'SELECT db, user, table_name, table_priv FROM mysql.tables_priv',
  'grants of columns': 'SELECT * FROM mysql.columns_priv ORDER BY table_name, column_name',
  routines: 'SELECT db, name, type, body FROM mysql.proc ORDER BY 1, 2',
  events: 'SELECT db, name FROM mysql.event',
  plugins: 'SELECT plugin_name, plugin_status FROM information_schema.plugins ORDER BY 1',
  statistics: 'SELECT count(*) FROM mysql.table_stats',
  'settings of the server': `SELECT variable_name, variable_value
    FROM information_schema.global_variables WHERE variable_name NOT REGEXP 'GTID|TIMESTAMP' ORDER BY 1`,
  'user locks': "SELECT IS_USED_LOCK('a'), IS_USED_LOCK('mine'), IS_USED_LOCK('never')",
  'locks and transactions': `SELECT count(*) FROM information_schema.innodb_trx
    WHERE trx_mysql_thread_id <> connection_id() AND trx_is_read_only = 0`,
}

/** What a session keeps, asked through it. */
const sessionSettings = `SELECT variable_name, variable_value FROM information_schema.session_variables
  WHERE variable_name NOT IN ('MAX_STATEMENT_TIME', 'PSEUDO_THREAD_ID', 'TIMESTAMP', 'IN_TRANSACTION',
    'RAND_SEED1', 'RAND_SEED2') ORDER BY 1`

/** Starts a server of its own with the tables of the attacks, and a role that reads a part of them. */
export async function openMariadbWorld(): Promise<World> {
  const server = await startOwnMariadb(60)
  const open = (): Promise<Connection> =>
    createConnection({ uri: server.url, database, multipleStatements: true })
  const first = await createConnection(server.url)
  await first.query(`CREATE DATABASE ${database}`)
  await first.end()
  let watcher = await open()
  await watcher.query(worldSchema('STORED'))
  for (const sql of mariadbExtras) await watcher.query(sql)
  const url = server.url.replace(/mysql$/, database)

  return openServerWorld({
    server,
    database,
    dialect: dialect(),
    attacks: mariadbAttacks,
    open: (role = 'root') => mysql({ url: url.replace('root@', `${role}@`), maxConnections: 4 }),
    run: (sql) => watcher.query(sql),
    async fingerprint(engine) {
      const seen: Record<string, string> = {}
      seen['settings of sessions'] = await askedThrough(engine, sessionSettings)
      for (const [aspect, sql] of Object.entries(aspects)) {
        const [rows] = await watcher.query(sql).catch(async () => {
          watcher = await open()
          return watcher.query(sql)
        })
        seen[aspect] = JSON.stringify(rows)
      }
      seen['files of the server'] = filesIn(server.folder, passing)
      seen['other files'] = strayFiles()
      return seen
    },
    leave: () => watcher.end(),
  })
}
