import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import type { Policy } from '@t2t/sql-guard'
import { parsePolicy } from '@t2t/sql-guard/policy-file'
import { createDatabase } from '../databases/create-database.ts'
import type { Database } from '../databases/database.ts'
import { OptionInvalidError } from '../errors/errors.ts'
import { readBusinessMetadata } from '../server/business.ts'
import { serveDatabaseMcpOverHttp } from '../server/http.ts'
import type { DatabaseMcpServerOptions } from '../server/server.ts'
import { serveDatabaseMcpOverStdio } from '../server/stdio.ts'
import { readArguments, usage, type CliArguments } from './arguments.ts'
import { engineOf } from './engine-of.ts'

/**
 * Serves a database until the client has left, or until the process is asked to end. Resolves with
 * the exit code: 0, or 1 when it could not begin; then `tell` was told why.
 */
export async function runServer(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
  tell: (line: string) => void,
): Promise<0 | 1> {
  let database: Database | undefined
  try {
    const asked = readArguments(args, environment)
    if (asked === undefined) {
      tell(usage)
      return 0
    }
    const policy = await readPolicy(asked.policyFile)
    const { name, businessFile } = asked
    const business =
      businessFile === undefined ? undefined : { [name]: await readBusinessMetadata(businessFile) }
    database = await createDatabase({ name, engine: await engineOf(asked.url), policy })
    await serve({ databases: [database], business }, asked, tell)
    return 0
  } catch (error) {
    tell(error instanceof Error ? error.message : 'The server could not begin.')
    return 1
  } finally {
    await database?.close()
  }
}

/** Resolves when there is nobody left to serve. */
async function serve(
  options: DatabaseMcpServerOptions,
  { http }: CliArguments,
  tell: (line: string) => void,
): Promise<void> {
  const asked = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
  if (http === undefined) {
    const server = serveDatabaseMcpOverStdio(options)
    await Promise.race([server.closed, asked])
    await server.close()
  } else {
    const server = await serveDatabaseMcpOverHttp({ ...options, ...http })
    tell(`Serving at ${server.url}`)
    await asked
    await server.close()
  }
}

async function readPolicy(file: string): Promise<Policy> {
  const content = await readFile(file, 'utf8').catch(() => {
    throw new OptionInvalidError(`${file} cannot be read.`)
  })
  return parsePolicy(content, { file })
}
