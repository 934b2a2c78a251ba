import type { AskEngine, Posture, PostureFinding } from './posture.ts'

/** What a role of ClickHouse may do besides reading. */
export async function clickhousePosture(ask: AskEngine): Promise<Omit<Posture, 'canWrite'>> {
  const [[role] = []] = await ask('SELECT currentUser()')
  const findings = (await ask('SHOW GRANTS')).flatMap(([grant]) => findingsOf(String(grant)))
  return { role: String(role), findings }
}

/** Every privilege of one line, such as `GRANT SELECT(a, b), INSERT ON shop.* TO reader`. */
function findingsOf(grant: string): readonly PostureFinding[] {
  const [, privileges = '', scope = ''] = /^GRANT (.+?) ON (.+?) TO /.exec(grant) ?? []
  if (privileges === '') return roleFinding(grant)
  return privileges
    .replaceAll(/\([^)]*\)/g, '')
    .split(',')
    .map((privilege) => privilege.trim())
    .filter((privilege) => !harmless.test(privilege))
    .map((privilege) => ({
      code: codeOf(privilege),
      subject: `${privilege} ON ${scope}`,
      writes: !telling.test(privilege),
    }))
}

/** A role that is granted may hold anything; the server lists what it holds by its own name. */
function roleFinding(grant: string): readonly PostureFinding[] {
  const [, role] = /^GRANT (.+?) TO /.exec(grant) ?? []
  return role === undefined
    ? []
    : [{ code: 'role-attribute', subject: `ROLE ${role}`, writes: false }]
}

function codeOf(privilege: string): PostureFinding['code'] {
  if (/^ALL\b/.test(privilege)) return 'superuser'
  if (reaching.test(privilege) || /^SYSTEM\b/.test(privilege)) return 'server-access'
  return privilege.startsWith('CREATE') ? 'create-grant' : 'write-grant'
}

/** What a role for reading may have. */
const harmless =
  /^(?:SELECT|USAGE|SHOW(?: (?:DATABASES|TABLES|COLUMNS|DICTIONARIES))?|dictGet|TABLE ENGINE)$/

/** Files, other servers and the server's own inside. */
const reaching =
  /^(?:FILE|URL|REMOTE|MONGO|REDIS|MYSQL|POSTGRES|SQLITE|ODBC|JDBC|HDFS|S3|HIVE|AZURE|KAFKA|NATS|RABBITMQ|YTSAURUS|ARROW FLIGHT|SOURCES|READ|WRITE|CLUSTER|INTROSPECTION|addressToLine\w*|addressToSymbol|demangle|KILL QUERY|NAMED COLLECTION\b.*|displaySecretsInShowAndSelect)$/

/** What shows more than the tables, and changes nothing. */
const telling =
  /^(?:SHOW .*|READ|INTROSPECTION|addressToLine\w*|addressToSymbol|demangle|displaySecretsInShowAndSelect|CHECK|KILL QUERY|CLUSTER|NAMED COLLECTION|USE NAMED COLLECTION)$/
