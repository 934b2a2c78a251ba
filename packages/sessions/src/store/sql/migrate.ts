import type { Kysely } from 'kysely'
import { Migrator, NO_MIGRATIONS } from 'kysely/migration'
import { MigrationFailedError } from '../../errors/errors.ts'
import { migrations } from './migrations.ts'

/** Options for {@link migrateSessions}. */
export interface MigrateOptions {
  /**
   * `latest` for the tables that this version needs; `nothing` takes them away, with all that is
   * in them.
   * @defaultValue 'latest'
   */
  readonly to?: 'latest' | 'nothing' | undefined
}

/**
 * Brings the tables of a session store to the version that this package needs.
 *
 * Safe to call from several processes at once, at every start: one works while the others wait
 * for its lock, and then find nothing to do. With SQLite that needs {@link nodeSqliteDialect}.
 *
 * @returns the names of the steps that were taken now, in order.
 * @throws {@link MigrationFailedError} when a step failed.
 */
export async function migrateSessions<Tables>(
  db: Kysely<Tables>,
  options: MigrateOptions = {},
): Promise<readonly string[]> {
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => ({ ...migrations }) },
    migrationTableName: 't2t_sessions_migration',
    migrationLockTableName: 't2t_sessions_migration_lock',
  })
  const { error, results = [] } =
    options.to === 'nothing'
      ? await migrator.migrateTo(NO_MIGRATIONS)
      : await migrator.migrateToLatest()
  if (error !== undefined) throw new MigrationFailedError({ cause: error })
  return results.map(({ migrationName }) => migrationName)
}
