import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { PGlite } from '@electric-sql/pglite'
import { openPostgres } from '../../data/load-postgres.ts'
import { loadSqlite } from '../../data/load-sqlite.ts'
import { generateRetail } from '../../data/retail.ts'

/** The embedded engines that the shop can live in. */
export const engineNames = ['sqlite', 'postgres'] as const
export type EngineName = (typeof engineNames)[number]

const images = join(import.meta.dirname, '..', '..', '..', '..', 'node_modules', '.cache', 't2t')

/** The shop as a database of PostgreSQL inside this process, with the data of the given day. */
export function openPostgresShop(today: Date): Promise<PGlite> {
  return openPostgres(images, today, () => generateRetail(today))
}

/** The shop as a file of SQLite, which is made once and goes with its process. */
export interface ShopFile extends Disposable {
  path(): string
}

export function createShopFile(today: Date): ShopFile {
  let folder: string | undefined
  const remove = (): void => {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true })
    folder = undefined
  }
  return {
    path() {
      if (folder === undefined) {
        folder = mkdtempSync(join(tmpdir(), 't2t-shop-'))
        // Also when the process is told to end at once.
        process.once('exit', remove)
        loadSqlite(join(folder, fileName), generateRetail(today))
      }
      return join(folder, fileName)
    },
    [Symbol.dispose]() {
      process.removeListener('exit', remove)
      remove()
    },
  }
}

const fileName = 'shop.sqlite'
