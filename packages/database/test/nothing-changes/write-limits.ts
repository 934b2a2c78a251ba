// Writes docs/reference/what-a-superuser-can-do.md from what happens on servers of its own.
// Run it: node --conditions=@t2t/source packages/database/test/nothing-changes/write-limits.ts
import { writeFileSync } from 'node:fs'
import { openPgliteWorld, openSqliteWorld } from './embedded-worlds.ts'
import { limitsOf } from './limits-page.ts'
import { openMariadbWorld } from './mariadb-world.ts'
import { openPostgresWorld } from './postgres-world.ts'
import { actingAttacks, aftermathOf } from './world.ts'

const page = new URL('../../../../docs/reference/what-a-superuser-can-do.md', import.meta.url)
const parts = [
  `# What a superuser can do through the session

The session of \`@t2t/database\` reads only, whatever the guard said. With the role that \`leastPrivilegeRole\` writes, no
text of the guard's attack catalogue changes anything on PostgreSQL and MariaDB. With a role that may do everything, the
texts below get through when the guard is out of the way. The guard refuses every one of them, and \`posture()\` says
when a role is more than it should be.

This page is written by \`packages/database/test/nothing-changes/write-limits.ts\`, which runs each text on PostgreSQL 15,
MariaDB 10.11, SQLite and PGlite and compares the whole server before and after: tables and their rights, rows,
sequences, large objects, functions, roles, settings of the server and of pooled sessions, locks, statistics, replication
slots, and files. The write-ahead log is not compared: \`pg_switch_wal\`, \`pg_create_restore_point\` and
\`pg_logical_emit_message\` write to it. Nor is what happens to other sessions: \`pg_terminate_backend\` and
\`pg_cancel_backend\` end them. A text is named once for each way to write it.
`,
]
for (const [name, open] of [
  ['PostgreSQL', openPostgresWorld],
  ['MariaDB', openMariadbWorld],
  ['SQLite, which has no roles', openSqliteWorld],
  ['PGlite, whose one role may do everything', openPgliteWorld],
] as const) {
  const world = await open()
  const attacks = actingAttacks(world)
  parts.push(limitsOf(name, await aftermathOf(world, world.superuser, { attacks, together: 1 })))
  await world.close()
}
writeFileSync(page, parts.join('\n'))
