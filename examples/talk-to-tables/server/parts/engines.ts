import type { Engine } from '@t2t/database'
import { clickhouse } from '@t2t/database/clickhouse'
import { mysql } from '@t2t/database/mysql'
import { pglite } from '@t2t/database/pglite'
import { postgres } from '@t2t/database/postgres'
import { sqlite } from '@t2t/database/sqlite'
import type { Dialect } from '@t2t/sql-guard'
import { clickhouse as clickhouseDialect } from '@t2t/sql-guard/clickhouse'
import { mysql as mysqlDialect } from '@t2t/sql-guard/mysql'
import { postgres as postgresDialect } from '@t2t/sql-guard/postgres'
import { sqlite as sqliteDialect } from '@t2t/sql-guard/sqlite'
import type { DatabaseConfig } from '../config/schema.ts'
import { createShopFile, openPostgresShop } from './shop.ts'

/** An engine that was made for one workspace. */
export interface OpenedEngine {
  readonly engine: Engine
  readonly dialect: Dialect
}

/** Makes engines; what they share goes with it. */
export interface Engines extends Disposable {
  /** Nothing is connected yet, but the shop is filled. */
  open(config: DatabaseConfig): Promise<OpenedEngine>
}

export function createEngines(): Engines {
  const today = new Date()
  const shop = createShopFile(today)
  return {
    open: async (config) =>
      config.engine === 'demo' && config.in === 'postgres'
        ? { engine: pglite({ client: await openPostgresShop(today) }), dialect: postgresDialect() }
        : openEngine(config, () => shop.path()),
    [Symbol.dispose]: () => shop[Symbol.dispose](),
  }
}

function openEngine(config: DatabaseConfig, shopPath: () => string): OpenedEngine {
  switch (config.engine) {
    case 'demo':
    case 'sqlite': {
      const path = config.engine === 'demo' ? shopPath() : config.path
      // In a process of its own, a statement that computes for long can be ended, and holds up nobody.
      return { engine: sqlite({ path, runsIn: 'own-process' }), dialect: sqliteDialect() }
    }
    case 'postgres': {
      const { url, password, tls, max_connections: maxConnections } = config
      const searchPath = config.search_path
      const engine = postgres({ url, password, tls, maxConnections, searchPath })
      return { engine, dialect: postgresDialect() }
    }
    case 'mysql': {
      const { url, password, tls, max_connections: maxConnections } = config
      return { engine: mysql({ url, password, tls, maxConnections }), dialect: mysqlDialect() }
    }
    case 'clickhouse': {
      const { url, database, user, password, max_connections: maxConnections } = config
      const engine = clickhouse({ url, database, user, password, maxConnections })
      return { engine, dialect: clickhouseDialect() }
    }
  }
}
