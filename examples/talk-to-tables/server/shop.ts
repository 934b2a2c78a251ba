import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Engine } from '@t2t/database'
import { pglite } from '@t2t/database/pglite'
import { sqlite } from '@t2t/database/sqlite'
import type { Dialect } from '@t2t/sql-guard'
import { postgres as postgresDialect } from '@t2t/sql-guard/postgres'
import { sqlite as sqliteDialect } from '@t2t/sql-guard/sqlite'
import { openPostgres } from '../data/load-postgres.ts'
import { loadSqlite } from '../data/load-sqlite.ts'
import { generateRetail } from '../data/retail.ts'

/** The embedded engines that the shop can live in. */
export const engineNames = ['sqlite', 'postgres'] as const
export type EngineName = (typeof engineNames)[number]

/** An open shop database. */
export interface Shop {
  readonly engine: Engine
  readonly dialect: Dialect
  /** Removes what was made for it; close the engine first. */
  remove(): void
}

const images = join(import.meta.dirname, '..', '..', '..', 'node_modules', '.cache', 't2t')

/** Makes the shop's data for the given day and opens it. */
export async function openShop(name: EngineName, today: Date): Promise<Shop> {
  if (name === 'postgres') {
    const client = await openPostgres(images, today, () => generateRetail(today))
    return { engine: pglite({ client }), dialect: postgresDialect(), remove: () => undefined }
  }
  const folder = mkdtempSync(join(tmpdir(), 't2t-shop-'))
  const path = join(folder, 'shop.sqlite')
  loadSqlite(path, generateRetail(today))
  return {
    // In a process of its own, a statement that computes for long can be ended, and holds up nobody.
    engine: sqlite({ path, runsIn: 'own-process' }),
    dialect: sqliteDialect(),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}
