import type { AskEngine, Posture, PostureFinding } from './posture.ts'

/** What an account of MySQL or MariaDB may do besides reading. */
export async function mysqlPosture(ask: AskEngine): Promise<Omit<Posture, 'canWrite'>> {
  const [[role] = []] = await ask('SELECT CURRENT_USER()')
  const rows = await ask(grantsQuery)
  const findings = rows.flatMap(([privilege, scope]): readonly PostureFinding[] => {
    const name = String(privilege)
    if (harmless.has(name)) return []
    return [
      { code: codeOf(name), subject: `${name} ON ${String(scope)}`, writes: !telling.has(name) },
    ]
  })
  return { role: String(role), findings }
}

function codeOf(privilege: string): PostureFinding['code'] {
  if (privilege === 'SUPER') return 'superuser'
  if (privilege === 'FILE' || privilege === 'PROCESS') return 'server-access'
  return privilege.startsWith('CREATE') ? 'create-grant' : 'write-grant'
}

/** What a role for reading may have. */
const harmless: ReadonlySet<string> = new Set(['USAGE', 'SELECT', 'SHOW VIEW', 'SHOW DATABASES'])

/** What shows more than the tables, and changes nothing. */
const telling: ReadonlySet<string> = new Set([
  'BINLOG MONITOR',
  'PROCESS',
  'REFERENCES',
  'REPLICA MONITOR',
  'SHOW CREATE ROUTINE',
  'SLAVE MONITOR',
])

const own = `grantee = CONCAT('''', REPLACE(CURRENT_USER(), '@', '''@'''), '''')`

const grantsQuery = `
SELECT privilege_type, '*.*' FROM information_schema.user_privileges WHERE ${own}
UNION ALL SELECT privilege_type, CONCAT(table_schema, '.*')
  FROM information_schema.schema_privileges WHERE ${own}
UNION ALL SELECT privilege_type, CONCAT(table_schema, '.', table_name)
  FROM information_schema.table_privileges WHERE ${own}
UNION ALL SELECT privilege_type, CONCAT(table_schema, '.', table_name, '.', column_name)
  FROM information_schema.column_privileges WHERE ${own}`
