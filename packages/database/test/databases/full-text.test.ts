import { DatabaseSync } from 'node:sqlite'
import { createDatabase, type Database } from '@t2t/database'
import { sqlite } from '@t2t/database/sqlite'
import { definePolicy, type PolicyInput } from '@t2t/sql-guard'
import { describe, expect, it } from 'vitest'
import { hasSqlite } from '../engine/has-sqlite.ts'

async function notes(policy: PolicyInput = {}): Promise<Database> {
  const database = new DatabaseSync(':memory:')
  database.exec(`
    CREATE VIRTUAL TABLE notes USING fts5(title, body);
    INSERT INTO notes VALUES ('Ferry', 'The island is reached by boat'), ('Train', 'By rail')`)
  return createDatabase({
    name: 'notes',
    engine: sqlite({ database }),
    policy: definePolicy(policy),
  })
}

describe.skipIf(!hasSqlite)('a full-text table of SQLite', () => {
  it.for([
    ["SELECT title FROM notes WHERE notes MATCH 'boat'", [['Ferry']]],
    ["SELECT title FROM notes WHERE notes MATCH 'by' ORDER BY bm25(notes)", [['Train'], ['Ferry']]],
    [
      "SELECT snippet(notes, 1, '[', ']', '', 3) FROM notes WHERE notes MATCH 'rail'",
      [['By [rail]']],
    ],
  ] as const)('is searched through guard and session: %s', async ([sql, rows]) => {
    const database = await notes()

    const outcome = await database.query(sql)

    await database.close()
    const found = outcome.kind === 'rows' ? outcome.result.rows : outcome.verdict.findings
    expect(found).toEqual(rows)
  })

  it('is not searched where one of its columns is hidden', async () => {
    const database = await notes({ columns: { block: ['notes.body'] } })

    const searched = await database.query("SELECT title FROM notes WHERE notes MATCH 'boat'")
    const read = await database.query('SELECT title FROM notes ORDER BY title')

    await database.close()
    expect(searched.kind).toBe('refused')
    expect(read).toMatchObject({ kind: 'rows', result: { rows: [['Ferry'], ['Train']] } })
  })
})
