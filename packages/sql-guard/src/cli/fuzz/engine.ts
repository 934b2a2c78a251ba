import { CallError } from '../io.ts'

/** An embedded database that the command fills and asks. */
export interface Database {
  /** Runs statements that give no rows. */
  exec(sql: string): Promise<void>
  /** The rows of a text, as JSON; nothing when the engine refuses it. */
  answer(sql: string): Promise<string | undefined>
  close(): Promise<void>
}

/** What the command needs to know about an embedded engine. */
export interface EmbeddedEngine {
  open(): Promise<Database>
  /** The schema that the texts may name. */
  readonly schema: string
  /** Whether a text may fail by what it happens to compute first. */
  readonly failsByPlan: boolean
  /** An expression that tells rows of a table apart, where `key` is one of its columns. */
  rowId(key: string): string
  /** A value as a text. */
  asText(expression: string): string
  /** The texts of a column as one, in the order of the texts. */
  joined(column: string): string
  /** The same as `joined`, as JSON. */
  asJson(column: string): string
  /** The sum of numbers. */
  total(expression: string): string
  /** A value as a number. */
  asNumber(expression: string): string
  /** Two rows by the name of `j`, with a column `value` of 1 and 2. */
  readonly twoRows: string
  /** Ways in which a name may be written. */
  spellings(name: string): readonly string[]
  /** The type that a column is made with; any other is a text. */
  typeOf(type: string): string
  /** Whether a column is computed by the engine, and not filled. */
  readonly generates: boolean
}

const sqlite: EmbeddedEngine = {
  open: openSqlite,
  schema: 'main',
  failsByPlan: false,
  rowId: () => 'rowid',
  asText: (expression) => expression,
  joined: (column) => `group_concat(${column})`,
  asJson: (column) => `json_group_array(${column})`,
  total: (expression) => `total(${expression})`,
  asNumber: (expression) => expression,
  twoRows: `json_each('[1,2]') AS j`,
  spellings: (name) => [
    name,
    `"${name}"`,
    `[${name}]`,
    `\`${name}\``,
    name.toUpperCase(),
    `/**/${name}`,
  ],
  typeOf: (type) => type,
  generates: true,
}

const postgres: EmbeddedEngine = {
  open: openPglite,
  schema: 'public',
  failsByPlan: true,
  rowId: (key) => key,
  asText: (expression) => `${expression}::text`,
  joined: (column) => `string_agg(${column}::text, ',' ORDER BY ${column}::text)`,
  asJson: (column) => `json_agg(${column} ORDER BY ${column}::text)::text`,
  total: (expression) => `sum(${expression})`,
  asNumber: (expression) => `length(${expression}::text)`,
  twoRows: `(VALUES (1), (2)) AS j (value)`,
  spellings: (name) => [name, `"${name}"`, name.toUpperCase(), `/**/${name}`, `U&"${name}"`],
  typeOf: (type) =>
    /^(smallint|integer|bigint|int[248]?|numeric|decimal|real|double precision|float[48]?|date|timestamp|boolean|bool)\b/i.test(
      type,
    ) && !type.includes('[')
      ? type
      : 'text',
  generates: false,
}

/** The engines that the command can embed, by the dialect of the catalog. */
export const embeddedEngines: Readonly<Record<string, EmbeddedEngine | undefined>> = {
  sqlite,
  postgres,
}

async function openSqlite(): Promise<Database> {
  const { DatabaseSync: Sqlite } = await import('node:sqlite')
  const database = new Sqlite(':memory:')
  return {
    exec: (sql) => {
      database.exec(sql)
      return Promise.resolve()
    },
    answer: (sql) => {
      try {
        return Promise.resolve(JSON.stringify(database.prepare(sql).all()))
      } catch {
        return Promise.resolve(undefined)
      }
    },
    close: () => {
      database.close()
      return Promise.resolve()
    },
  }
}

async function openPglite(): Promise<Database> {
  const { PGlite } = await import('@electric-sql/pglite').catch((): never => {
    throw new CallError('fuzz needs the package @electric-sql/pglite for a catalog of postgres.')
  })
  const database = await PGlite.create()
  return {
    exec: async (sql) => {
      await database.exec(sql)
    },
    answer: async (sql) => {
      try {
        const { rows } = await database.query(sql, [], { rowMode: 'array' })
        return JSON.stringify(rows, (_, value: unknown) =>
          typeof value === 'bigint' ? String(value) : value,
        )
      } catch {
        return undefined
      }
    },
    close: () => database.close(),
  }
}
