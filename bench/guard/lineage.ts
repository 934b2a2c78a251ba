// Where the guard's read set differs from the engine's own: node --conditions=@t2t/source bench/guard/lineage.ts
import { constants, type DatabaseSync } from 'node:sqlite'
import { createSqlGuard, definePolicy, type Verdict } from '@t2t/sql-guard'
import { postgres } from '@t2t/sql-guard/postgres'
import { sqlite } from '@t2t/sql-guard/sqlite'
import {
  loadPostgresSchema,
  postgresCatalog,
  postgresReads,
  withPostgres,
} from './postgres-data.ts'
import {
  goldStatements,
  modelStatements,
  openSqlite,
  readLines,
  sqliteCatalog,
  type Statement,
} from './sqlite-data.ts'

/** How the guard's read sets compare with an engine's. */
export interface Lineage {
  readonly set: string
  /** Statements that both the engine and the guard accept. */
  readonly compared: number
  readonly refused: readonly { readonly statement: Statement; readonly reason: string }[]
  readonly different: readonly {
    readonly statement: Statement
    readonly missing: readonly string[]
    readonly extra: readonly string[]
  }[]
}

const policy = definePolicy({ limits: { maxRows: 1_000_000 } })

/** Compares with what PostgreSQL records as the dependencies of a function. */
export async function postgresLineage(
  set: string,
  folder: string,
  statements: readonly Statement[],
): Promise<Lineage> {
  const collected = collector(set)
  for (const db of new Set(statements.map((statement) => statement.db))) {
    await withPostgres(db, async (client) => {
      await loadPostgresSchema(client, folder, db)
      const catalog = await postgresCatalog(client)
      const guard = await createSqlGuard({ dialect: postgres(), policy, catalog })
      for (const statement of statements.filter((each) => each.db === db)) {
        const expected = await postgresReads(client, statement.sql)
        if (expected !== undefined) collected.add(statement, guard.check(statement.sql), expected)
      }
    })
  }
  return collected.result()
}

/** Compares with what SQLite's authorizer is asked about. */
export async function sqliteLineage(
  set: string,
  folder: string,
  statements: readonly Statement[],
): Promise<Lineage> {
  const collected = collector(set)
  for (const db of new Set(statements.map((statement) => statement.db))) {
    const database = openSqlite(folder, db, false)
    const catalog = sqliteCatalog(database)
    const guard = await createSqlGuard({ dialect: sqlite(), policy, catalog })
    for (const statement of statements.filter((each) => each.db === db)) {
      const expected = sqliteReads(database, statement.sql)
      if (expected !== undefined) collected.add(statement, guard.check(statement.sql), expected)
    }
    database.close()
  }
  return collected.result()
}

/** What SQLite's authorizer is asked about: `table` and `table.column`, in lower case. */
export function sqliteReads(database: DatabaseSync, sql: string): ReadonlySet<string> | undefined {
  const reads = new Set<string>()
  database.setAuthorizer((action, table, column) => {
    if (action === constants.SQLITE_READ && table !== null) {
      reads.add(table.toLowerCase())
      if (column !== null && column !== '') reads.add(`${table}.${column}`.toLowerCase())
    }
    return constants.SQLITE_OK
  })
  try {
    database.prepare(sql)
    return reads
  } catch {
    return undefined
  } finally {
    database.setAuthorizer(null)
  }
}

function collector(set: string) {
  let compared = 0
  const refused: { statement: Statement; reason: string }[] = []
  const different: { statement: Statement; missing: string[]; extra: string[] }[] = []
  return {
    add(statement: Statement, verdict: Verdict, expected: ReadonlySet<string>): void {
      if (verdict.kind === 'refused') {
        const [finding] = verdict.findings
        refused.push({ statement, reason: `${finding?.code}: ${finding?.message}` })
        return
      }
      compared += 1
      const isSqlite = verdict.reads.every(({ schema }) => schema === 'main')
      const actual = new Set(
        verdict.reads
          .flatMap(({ table, columns }) => [
            table,
            ...columns.map(({ column }) => `${table}.${column}`),
          ])
          .map((name) => (isSqlite ? name.toLowerCase() : name)),
      )
      const missing = [...expected].filter((name) => !actual.has(name))
      const extra = [...actual].filter((name) => !expected.has(name))
      if (missing.length + extra.length > 0) different.push({ statement, missing, extra })
    },
    result: (): Lineage => ({ set, compared, refused, different }),
  }
}

if (import.meta.main) {
  const birdPostgres = readLines('bird-linking/gold_postgres.jsonl').map((line) => ({
    id: String(line['id']),
    db: String(line['db']),
    sql: String(line['gold_sql']),
  }))
  const runs = [
    await sqliteLineage('spider-train gold', 'spider-train', goldStatements('spider-train')),
    await sqliteLineage('spider-dev-a gold', 'spider-dev-a', goldStatements('spider-dev-a')),
    await sqliteLineage(
      'spider-dev-a models',
      'spider-dev-a',
      modelStatements('spider-dev-a', 'sqlite'),
    ),
    await sqliteLineage('bird-linking gold', 'bird-linking', goldStatements('bird-linking')),
    await sqliteLineage(
      'bird-linking models',
      'bird-linking',
      modelStatements('bird-linking', 'sqlite'),
    ),
    await postgresLineage(
      'defog-postgres gold',
      'defog-postgres',
      goldStatements('defog-postgres'),
    ),
    await postgresLineage('bird-linking gold, PostgreSQL', 'bird-linking', birdPostgres),
    await postgresLineage(
      'bird-linking models, PostgreSQL',
      'bird-linking',
      modelStatements('bird-linking', 'postgres'),
    ),
  ]
  for (const { set, compared, refused, different } of runs) {
    console.log(
      `${set}: ${compared} compared, ${refused.length} refused, ${different.length} different`,
    )
    for (const { statement, reason } of refused) {
      console.log(
        `  refused ${statement.id} ${statement.db}\n    ${reason}\n    ${statement.sql.replaceAll('\n', ' ')}`,
      )
    }
    for (const { statement, missing, extra } of different) {
      console.log(
        `  different ${statement.id} ${statement.db}\n    missing ${missing.join()} extra ${extra.join()}\n    ${statement.sql.replaceAll('\n', ' ')}`,
      )
    }
  }
}
