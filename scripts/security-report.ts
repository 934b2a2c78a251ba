// Writes docs/security/corpus.md: runs every attack on its engine, and gives it to the guards.
// Needs PostgreSQL on 127.0.0.1 and MariaDB's programs: node --conditions=@t2t/source scripts/security-report.ts
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { corpora } from '../packages/sql-guard/scripts/security/corpus.ts'
import { corpusPage } from '../packages/sql-guard/scripts/security/page.ts'
import { harmless } from '../packages/sql-guard/scripts/security/prove.ts'

const blunt = await harmless()
for (const sql of blunt) process.stderr.write(`does not bite: ${sql}\n`)
if (blunt.length > 0) process.exit(1)

const file = join(import.meta.dirname, '..', 'docs', 'security', 'corpus.md')
writeFileSync(file, corpusPage(await corpora()))
process.stdout.write(`Wrote ${file}; format it with oxfmt.\n`)
