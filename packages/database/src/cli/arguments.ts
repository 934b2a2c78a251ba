import { parseArgs } from 'node:util'
import { OptionInvalidError } from '../errors/errors.ts'

/** What the command was asked to do. */
export interface CliArguments {
  readonly url: string
  readonly name: string
  readonly policyFile: string
  readonly businessFile: string | undefined
  /** Absent for the standard streams. */
  readonly http: { readonly host: string; readonly port: number } | undefined
}

/** How the command is used. */
export const usage = `Serves one database over MCP, read-only and guarded by a policy.

  t2t-database-mcp --policy FILE [--url URL] [--name NAME] [--business FILE] [--http [--port PORT]]

  --policy FILE    what may be read: YAML or JSON, as parsePolicy takes it
  --url URL        postgres://…, mysql://… or sqlite:FILE; better in T2T_DATABASE_URL, where no
                   list of processes shows its password
  --name NAME      what the database is called (database)
  --business FILE  what people know about it: a metadata.json
  --http           streamable HTTP on 127.0.0.1 instead of the standard streams
  --port PORT      0, the default, lets the system choose; the address is told on standard error`

const options = {
  url: { type: 'string' },
  policy: { type: 'string' },
  name: { type: 'string', default: 'database' },
  business: { type: 'string' },
  http: { type: 'boolean', default: false },
  port: { type: 'string', default: '0' },
  help: { type: 'boolean', short: 'h', default: false },
} as const

/**
 * Reads the arguments of the command and `T2T_DATABASE_URL`; gives `undefined` when help is wanted.
 *
 * @throws {@link OptionInvalidError} that says what is missing or wrong, never with the URL.
 */
export function readArguments(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): CliArguments | undefined {
  const values = parse(args)
  if (values.help) return undefined
  const url = values.url ?? environment['T2T_DATABASE_URL'] ?? ''
  if (url === '') {
    throw new OptionInvalidError('Say which database is meant: T2T_DATABASE_URL, or --url.')
  }
  if (values.policy === undefined) {
    throw new OptionInvalidError('Say what may be read: --policy FILE.')
  }
  const port = Number(values.port)
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new OptionInvalidError(`--port must be an integer from 0 to 65535, got ${values.port}.`)
  }
  return {
    url,
    name: values.name,
    policyFile: values.policy,
    businessFile: values.business,
    http: values.http ? { host: '127.0.0.1', port } : undefined,
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: false }).values
  } catch {
    throw new OptionInvalidError('An argument is not known. Try --help.')
  }
}
