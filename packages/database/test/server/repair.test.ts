import { PGlite } from '@electric-sql/pglite'
import { pglite } from '@t2t/database/pglite'
import { sqlite } from '@t2t/database/sqlite'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe } from 'vitest'
import { shopStatements } from '../databases/shop.ts'
import { hasSqlite } from '../engine/has-sqlite.ts'
import { itHelpsToRepair } from './repair.ts'

describe.skipIf(!hasSqlite)('an error of a tool on SQLite', () => {
  itHelpsToRepair(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'repair-'))
    const path = join(folder, 'shop.db')
    const writer = new DatabaseSync(path)
    for (const statement of shopStatements) writer.exec(statement)
    return {
      engine: sqlite({ path }),
      run: async (sql) => writer.exec(sql),
      async close() {
        writer.close()
        rmSync(folder, { recursive: true })
      },
    }
  })
})

describe('an error of a tool on PGlite', () => {
  itHelpsToRepair(async () => {
    const client = await PGlite.create()
    for (const statement of shopStatements) await client.exec(statement)
    return { engine: pglite({ client }), run: (sql) => client.exec(sql), close: async () => {} }
  })
})
