import { type Kysely, MysqlAdapter, type RawBuilder, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** Every step of the tables' history, by name. A step that was published never changes. */
export const migrations: Readonly<Record<string, Migration>> = {
  '2026-11-21-sessions': {
    async up(db) {
      const { name, text } = typesOf(db)
      await db.schema
        .createTable('t2t_sessions')
        .addColumn('id', name, (column) => column.primaryKey())
        .addColumn('owner', name, (column) => column.notNull())
        .addColumn('title', name)
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
        .addColumn('session_id', name, (column) => column.notNull())
        .addColumn('sequence', 'integer', (column) => column.notNull())
        .addColumn('role', 'varchar(16)', (column) => column.notNull())
        .addColumn('content', text, (column) => column.notNull())
        .addColumn('created_at', 'varchar(24)', (column) => column.notNull())
        .addPrimaryKeyConstraint('t2t_messages_key', ['session_id', 'sequence'])
        .execute()
      await db.schema
        .createTable('t2t_tool_executions')
        .addColumn('session_id', name, (column) => column.notNull())
        .addColumn('sequence', 'integer', (column) => column.notNull())
        .addColumn('tool', name, (column) => column.notNull())
        .addColumn('arguments', text, (column) => column.notNull())
        .addColumn('result', text, (column) => column.notNull())
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

type ColumnType = 'varchar(200)' | 'text' | RawBuilder<unknown>

/**
 * Names are compared by their characters and nothing else, and texts can be long. MySQL needs to
 * be told: it takes capitals for small letters by default, and what it calls `text` ends at 64 KB.
 */
function typesOf<Tables>(db: Kysely<Tables>): {
  readonly name: ColumnType
  readonly text: ColumnType
} {
  if (!(db.getExecutor().adapter instanceof MysqlAdapter)) {
    return { name: 'varchar(200)', text: 'text' }
  }
  return {
    name: sql`varchar(200) character set utf8mb4 collate utf8mb4_bin`,
    text: sql`longtext character set utf8mb4 collate utf8mb4_bin`,
  }
}
