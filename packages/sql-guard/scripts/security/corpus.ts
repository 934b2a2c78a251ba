import {
  type Catalog,
  combinePolicies,
  createSqlGuard,
  definePolicy,
  type Dialect,
  type Policy,
  type SqlGuard,
} from '@t2t/sql-guard'
import { mysql } from '@t2t/sql-guard/mysql'
import { portable } from '@t2t/sql-guard/portable'
import { postgres } from '@t2t/sql-guard/postgres'
import { sqlite } from '@t2t/sql-guard/sqlite'
import { type Attack, honestTwins } from '../../test/attacks/attack.ts'
import { hiddenColumns, mariadbAttacks } from '../../test/attacks/mariadb/mariadb.attacks.ts'
import { pickedTables } from '../../test/attacks/mariadb/picked-rows.ts'
import * as mariadbReading from '../../test/attacks/mariadb/reading.ts'
import { hiddenParts, partsTables } from '../../test/attacks/postgres/inheritance.ts'
import { postgresAttacks } from '../../test/attacks/postgres/postgres.attacks.ts'
import * as postgresReading from '../../test/attacks/postgres/reading.ts'
import { hiddenReaders, readersTables } from '../../test/attacks/sqlite/picked-rows.ts'
import * as sqliteReading from '../../test/attacks/sqlite/reading.ts'
import { sqliteAttacks } from '../../test/attacks/sqlite/sqlite.attacks.ts'
import { worldCatalog, worldPolicy } from '../../test/attacks/world.ts'

/** The attacks on one engine, and the guards that they are given to. */
export interface Corpus {
  readonly engine: string
  readonly attacks: readonly Attack[]
  readonly twins: readonly string[]
  /** Guards by the name of what makes them different. */
  readonly guards: {
    readonly catalog: SqlGuard
    readonly blind: SqlGuard
    readonly portable: SqlGuard
  }
}

/** The corpora of all engines that the attacks are proved on. */
export async function corpora(): Promise<readonly Corpus[]> {
  const world = worldCatalog('postgres', 'public')
  const sqliteWorld = worldCatalog('sqlite', 'main')
  const mysqlWorld = worldCatalog('mysql', 'attacked')
  const parts = definePolicy({
    tables: { block: [...hiddenParts.tables] },
    columns: { block: [...hiddenParts.columns] },
  })
  const wege = definePolicy({ columns: { block: [...hiddenColumns] } })
  return [
    {
      engine: 'PostgreSQL',
      attacks: postgresAttacks,
      twins: honestTwins(postgresReading.places, postgresReading.constants),
      guards: await guardsFor(
        postgres(),
        portable({ engine: 'postgres' }),
        combinePolicies(worldPolicy, parts),
        { ...world, tables: [...world.tables, ...partsTables] },
      ),
    },
    {
      engine: 'SQLite',
      attacks: sqliteAttacks,
      twins: honestTwins(sqliteReading.places, sqliteReading.constants),
      guards: await guardsFor(
        sqlite(),
        portable({ engine: 'sqlite' }),
        combinePolicies(worldPolicy, definePolicy({ columns: { block: hiddenReaders } })),
        { ...sqliteWorld, tables: [...sqliteWorld.tables, ...readersTables] },
      ),
    },
    {
      engine: 'MariaDB',
      attacks: mariadbAttacks,
      twins: honestTwins(mariadbReading.places, mariadbReading.constants),
      guards: await guardsFor(
        mysql({ database: 'attacked' }),
        portable({ engine: 'mysql', database: 'attacked' }),
        combinePolicies(worldPolicy, wege),
        { ...mysqlWorld, tables: [...mysqlWorld.tables, ...pickedTables] },
      ),
    },
  ]
}

async function guardsFor(
  dialect: Dialect,
  plain: Dialect,
  policy: Policy,
  catalog: Catalog,
): Promise<Corpus['guards']> {
  return {
    catalog: await createSqlGuard({ dialect, policy, catalog, maxCachedTexts: 0 }),
    blind: await createSqlGuard({ dialect, policy, maxCachedTexts: 0 }),
    portable: await createSqlGuard({ dialect: plain, policy, catalog, maxCachedTexts: 0 }),
  }
}
