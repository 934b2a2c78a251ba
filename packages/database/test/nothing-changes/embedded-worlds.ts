import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { PGlite } from '@electric-sql/pglite'
import { pglite } from '@t2t/database/pglite'
import { sqlite } from '@t2t/database/sqlite'
import { createSqlGuard } from '@t2t/sql-guard'
import { postgres as postgresDialect } from '@t2t/sql-guard/postgres'
import { sqlite as sqliteDialect } from '@t2t/sql-guard/sqlite'
import {
  postgresAttacks,
  postgresExtras,
} from '../../../sql-guard/test/attacks/postgres/postgres.attacks.ts'
import { sqliteAttacks } from '../../../sql-guard/test/attacks/sqlite/sqlite.attacks.ts'
import { worldPolicy, worldSchema } from '../../../sql-guard/test/attacks/world.ts'
import { aspectsOf, aspectTexts } from './postgres-world.ts'
import { strayFiles, type World } from './world.ts'

const calm = new AbortController().signal

/** Texts that never end, which only a thread or process of its own could be saved from. */
const endless = /1e9|1 year|1000000000|100000000000/

/** A SQLite file; whoever opens it may do everything, so there is one engine. */
export async function openSqliteWorld(): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'world-'))
  const path = join(folder, 'world.db')
  const writer = new DatabaseSync(path)
  writer.exec(worldSchema(''))
  writer.close()
  const superuser = sqlite({ path, runsIn: 'own-process' })
  const catalog = await superuser.introspect(calm)
  const guard = await createSqlGuard({ dialect: sqliteDialect(), policy: worldPolicy, catalog })

  return {
    attacks: sqliteAttacks,
    reader: undefined,
    superuser,
    guard,
    fingerprint: async () => ({
      file: readFileSync(path).toString('base64'),
      'files beside it': readdirSync(folder).join(),
      'files here': readdirSync('.').filter(isAttacked).join(),
      'other files': strayFiles(),
      locks: lockedBy(path),
    }),
    async close() {
      await superuser.close()
      rmSync(folder, { recursive: true })
    },
  }
}

/** Whether an attack names a file; others come and go beside the tests. */
function isAttacked(file: string): boolean {
  return sqliteAttacks.some(({ sql }) => sql.includes(file))
}

/** Whether somebody else could write the file now. */
function lockedBy(path: string): string {
  const other = new DatabaseSync(path)
  try {
    other.exec('BEGIN EXCLUSIVE; ROLLBACK')
    return 'none'
  } catch (error) {
    return String(error)
  } finally {
    other.close()
  }
}

/** A PGlite, whose one role may do everything. */
export async function openPgliteWorld(): Promise<World> {
  const client = await PGlite.create()
  await client.exec(worldSchema('STORED'))
  await client.exec(postgresExtras)
  const superuser = pglite({ client })
  const catalog = await superuser.introspect(calm)
  const guard = await createSqlGuard({ dialect: postgresDialect(), policy: worldPolicy, catalog })

  return {
    attacks: postgresAttacks.filter(({ sql }) => !endless.test(sql)),
    reader: undefined,
    superuser,
    guard,
    fingerprint: async () => aspectsOf(await client.exec(aspectTexts)),
    close: () => superuser.close(),
  }
}
