import { type Kysely, MysqlAdapter, type RawBuilder, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** Every step of the tables' history, by name. A step that was published never changes. */
export const migrations: Readonly<Record<string, Migration>> = {
  '2026-11-21-sessions': {
    async up(db) {
      const long = longText(db)
      await db.schema
        .createTable('t2t_sessions')
        .addColumn('id', 'varchar(200)', (column) => column.primaryKey())
        .addColumn('owner', 'varchar(200)', (column) => column.notNull())
        .addColumn('title', 'varchar(200)')
        .addColumn('created_at', 'varchar(24)', (column) => column.notNull())
        .addColumn('updated_at', 'varchar(24)', (column) => column.notNull())
        .addColumn('last_sequence', 'integer', (column) => column.notNull())
        .execute()
      await db.schema
        .createIndex('t2t_sessions_by_owner')
        .on('t2t_sessions')
        .columns(['owner', 'updated_at', 'id'])
        .execute()
      await db.schema
        .createIndex('t2t_sessions_by_change')
        .on('t2t_sessions')
        .column('updated_at')
        .execute()
      await db.schema
        .createTable('t2t_messages')
        .addColumn('session_id', 'varchar(200)', (column) => column.notNull())
        .addColumn('sequence', 'integer', (column) => column.notNull())
        .addColumn('role', 'varchar(16)', (column) => column.notNull())
        .addColumn('content', long, (column) => column.notNull())
        .addColumn('created_at', 'varchar(24)', (column) => column.notNull())
        .addPrimaryKeyConstraint('t2t_messages_key', ['session_id', 'sequence'])
        .execute()
      await db.schema
        .createTable('t2t_tool_executions')
        .addColumn('session_id', 'varchar(200)', (column) => column.notNull())
        .addColumn('sequence', 'integer', (column) => column.notNull())
        .addColumn('tool', 'varchar(200)', (column) => column.notNull())
        .addColumn('arguments', long, (column) => column.notNull())
        .addColumn('result', long, (column) => column.notNull())
        .addColumn('succeeded', 'integer', (column) => column.notNull())
        .addColumn('duration_ms', 'double precision', (column) => column.notNull())
        .addColumn('created_at', 'varchar(24)', (column) => column.notNull())
        .addPrimaryKeyConstraint('t2t_tool_executions_key', ['session_id', 'sequence'])
        .execute()
    },
    async down(db) {
      for (const table of ['t2t_tool_executions', 't2t_messages', 't2t_sessions']) {
        await db.schema.dropTable(table).execute()
      }
    },
  },
}

/** What MySQL calls `text` ends at 64 KB. */
function longText<Tables>(db: Kysely<Tables>): 'text' | RawBuilder<unknown> {
  return db.getExecutor().adapter instanceof MysqlAdapter ? sql`longtext` : 'text'
}
