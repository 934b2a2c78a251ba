// Which valid statements the guard refuses, and why: node --conditions=@t2t/source bench/guard/acceptance.ts
import { createSqlGuard, definePolicy, type SqlGuard } from '@t2t/sql-guard'
import { sqlite } from '@t2t/sql-guard/sqlite'
import {
  goldStatements,
  modelStatements,
  openSqlite,
  sqliteCatalog,
  type Statement,
} from './sqlite-data.ts'

/** How the guard treats the statements of a set that the engine itself accepts. */
export interface Acceptance {
  readonly set: string
  readonly statements: number
  readonly refused: readonly { readonly statement: Statement; readonly reason: string }[]
  /** Statements whose rewritten text gives other rows, or none. */
  readonly changed: readonly Statement[]
}

const policy = definePolicy({ limits: { maxRows: 1_000_000 } })

/** Checks every statement that SQLite accepts, and compares rows where there are any. */
export async function sqliteAcceptance(
  set: string,
  statements: readonly Statement[],
  withRows: boolean,
  folder = set,
): Promise<Acceptance> {
  const refused: { statement: Statement; reason: string }[] = []
  const changed: Statement[] = []
  let count = 0
  for (const db of new Set(statements.map((statement) => statement.db))) {
    const database = openSqlite(folder, db, withRows)
    const guard: SqlGuard = await createSqlGuard({
      dialect: sqlite(),
      policy,
      catalog: sqliteCatalog(database),
    })
    for (const statement of statements.filter((each) => each.db === db)) {
      const before = rowsOf(() => database.prepare(statement.sql).all())
      if (before === undefined) continue
      count += 1
      const verdict = guard.check(statement.sql)
      if (verdict.kind === 'refused') {
        const [finding] = verdict.findings
        refused.push({ statement, reason: `${finding?.code}: ${finding?.message}` })
      } else if (withRows && before !== rowsOf(() => database.prepare(verdict.sql).all())) {
        changed.push(statement)
      }
    }
    database.close()
  }
  return { set, statements: count, refused, changed }
}

function rowsOf(read: () => unknown): string | undefined {
  try {
    return JSON.stringify(read(), (_, value) => (typeof value === 'bigint' ? String(value) : value))
  } catch {
    return undefined
  }
}

if (import.meta.main) {
  const runs = [
    sqliteAcceptance('spider-train gold', goldStatements('spider-train'), true, 'spider-train'),
    sqliteAcceptance('spider-dev-a gold', goldStatements('spider-dev-a'), true, 'spider-dev-a'),
    sqliteAcceptance(
      'spider-dev-a models',
      modelStatements('spider-dev-a', 'sqlite'),
      true,
      'spider-dev-a',
    ),
    sqliteAcceptance('bird-linking gold', goldStatements('bird-linking'), false, 'bird-linking'),
    sqliteAcceptance(
      'bird-linking models',
      modelStatements('bird-linking', 'sqlite'),
      false,
      'bird-linking',
    ),
  ]
  for (const { set, statements, refused, changed } of await Promise.all(runs)) {
    console.log(`${set}: ${statements} valid, ${refused.length} refused, ${changed.length} changed`)
    for (const { statement, reason } of refused) {
      console.log(
        `  ${statement.id} ${statement.db}\n    ${reason}\n    ${statement.sql.replaceAll('\n', ' ')}`,
      )
    }
    for (const { id, db, sql } of changed) console.log(`  changed ${id} ${db}\n    ${sql}`)
  }
}
