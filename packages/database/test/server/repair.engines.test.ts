import { mysql } from '@t2t/database/mysql'
import { postgres } from '@t2t/database/postgres'
import { createConnection } from 'mysql2/promise'
import { describe, inject } from 'vitest'
import { shopStatements } from '../databases/shop.ts'
import { freshName } from '../engine/fresh-name.ts'
import { mysqlUrl } from '../engine/mysql-server.ts'
import {
  asSuperuser,
  createDatabaseWith,
  dropDatabase,
  serverUrl,
} from '../engine/postgres-server.ts'
import { itHelpsToRepair } from './repair.ts'

const name = freshName()

describe.skipIf(!inject('reachable').postgres)('an error of a tool on PostgreSQL', () => {
  itHelpsToRepair(async () => {
    await createDatabaseWith(name, shopStatements)
    return {
      engine: postgres({ url: serverUrl + name }),
      run: (sql) => asSuperuser(name, (client) => client.query(sql)),
      close: () => dropDatabase(name),
    }
  })
})

describe.skipIf(!inject('reachable').mariadb)('an error of a tool on MariaDB', () => {
  itHelpsToRepair(async () => {
    const admin = await createConnection(mysqlUrl('mysql'))
    await admin.query(`CREATE DATABASE ${name}`)
    await admin.query(`USE ${name}`)
    for (const statement of shopStatements) await admin.query(statement)
    return {
      engine: mysql({ url: mysqlUrl(name) }),
      run: (sql) => admin.query(sql),
      async close() {
        await admin.query(`DROP DATABASE ${name}`)
        await admin.end()
      },
    }
  })
})
