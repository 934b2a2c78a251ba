import { type Attribute, createSqlGuard, definePolicy, type Dialect } from '@t2t/sql-guard'

/** Values that a caller may bring, and that a text must hold without falling apart. */
export const hostileValues: readonly Attribute[] = [
  '',
  "'",
  "''",
  "' OR '1'='1",
  "x'; DROP TABLE notes; --",
  '\\',
  "\\'",
  "\\' OR 1 = 1 -- ",
  '\\\\',
  '"',
  '`',
  '$$',
  '$t$ x $t$',
  ':tenant',
  ':owner',
  '?',
  '$1',
  '%',
  '_',
  '/* x',
  '*/',
  '-- x',
  '#',
  '\n',
  '\r\n',
  '\t',
  'é ü ß 漢字 🦊',
  '\u2019',
  '\u02bc OR 1 = 1',
  '\u00a5\u0027',
  'NULL',
  'TRUE',
  ' 7 ',
  'x'.repeat(2_000),
  0,
  -1,
  1.5,
  1e21,
  5e-7,
  Number.MAX_SAFE_INTEGER,
  true,
  false,
]

/** The text that reads the rows of one owner; nothing when the value cannot be written safely. */
export async function filteredBy(
  dialect: Dialect,
  schema: string,
  owner: Attribute,
): Promise<string | undefined> {
  try {
    const guard = await createSqlGuard({
      dialect,
      policy: definePolicy({ rows: { filter: { notes: 'owner = :owner' } } }),
      attributes: { owner },
      catalog: {
        dialect: dialect.name,
        version: 'notes',
        searchPath: [schema],
        tables: [
          {
            schema,
            name: 'notes',
            kind: 'table',
            columns: ['id', 'owner'].map((name) => ({ name, type: 'text', isNullable: true })),
            primaryKey: ['id'],
            foreignKeys: [],
          },
        ],
      },
    })
    const verdict = guard.check('SELECT id FROM notes ORDER BY id')
    return verdict.kind === 'allowed' ? verdict.sql : undefined
  } catch {
    return undefined
  }
}
