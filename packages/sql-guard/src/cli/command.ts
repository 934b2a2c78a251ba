import { isSqlGuardError, PolicyInvalidError } from '../errors/errors.ts'
import { check } from './check.ts'
import { fuzz } from './fuzz.ts'
import { CallError, type CommandIo, type ExitCode } from './io.ts'
import { type OptionName, type Options, readOptions } from './options.ts'
import { explainPolicy } from './policy-explain.ts'
import { initPolicy } from './policy-init.ts'
import { lintPolicy } from './policy-lint.ts'
import { writeNative } from './policy-native.ts'

export type { CommandIo } from './io.ts'

interface Command {
  readonly takes: readonly OptionName[]
  readonly takesFile?: true
  readonly run: (options: Options, file: string, io: CommandIo) => Promise<ExitCode>
}

const commands: Readonly<Record<string, Command>> = {
  check: {
    takes: ['dialect', 'policy', 'catalog', 'attribute', 'whole', 'json'],
    takesFile: true,
    run: check,
  },
  fuzz: { takes: ['policy', 'catalog', 'attribute', 'texts', 'seed', 'json'], run: fuzz },
  'policy init': { takes: ['dialect', 'catalog', 'from', 'min-uses'], run: initPolicy },
  'policy lint': { takes: ['dialect', 'policy', 'catalog', 'json'], run: lintPolicy },
  'policy explain': {
    takes: ['dialect', 'policy', 'catalog', 'attribute', 'json'],
    run: explainPolicy,
  },
  'policy native': {
    takes: ['dialect', 'policy', 'catalog', 'attribute', 'role', 'database', 'json'],
    run: writeNative,
  },
}

const usage = `Usage: t2t-guard <command> [options]

  check [file|-]    decide about every statement of a file or of the standard input
  policy init       write a policy to start from, or one that statements of the past need
  policy lint       find what is wrong with a policy, and what it names in vain
  policy explain    say what a policy lets be read
  policy native     write the policy as roles and grants of the engine
  fuzz              try to get at what the policy hides, on an embedded SQLite or PostgreSQL

  --dialect name    postgres, sqlite, mysql or clickhouse (default: that of the catalog)
  --policy file     what may be read, as YAML or JSON; several are combined, the strictest wins
                    (default: everything outside the system schemas)
  --catalog file    what the database contains, as JSON
  --attribute n=v   a value that row filters name
  --json            print JSON

  --whole           check: take the text as one statement, as a server would get it
  --from file       policy init: statements of the past, for which the policy is made
  --min-uses n      policy init: leave out what fewer statements need (default: 1)
  --role name       policy native: the role to make
  --database name   policy native: the database that it reads
  --texts n         fuzz: how many texts (default: 10000)
  --seed n          fuzz: which ones (default: 1)

Exit code: 0 when all is well, 1 when something is refused or found, 2 when the call is wrong.
`

/** Runs the command and gives its exit code. */
export async function runCommand(args: readonly string[], io: CommandIo): Promise<ExitCode> {
  if (args.some((arg) => arg === '--help' || arg === '-h')) {
    io.write(usage)
    return 0
  }
  try {
    const [first = '', second = ''] = args
    const name = first === 'policy' ? `policy ${second}` : first
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined
    if (command === undefined) {
      io.writeError(first === '' ? usage : `${unknown(name)}\n`)
      return 2
    }
    const given = args.slice(name.split(' ').length)
    const { options, rest } = readOptions(given, command.takes)
    const [file = '-', stray] = rest
    const tooMany = command.takesFile === true ? stray : rest[0]
    if (tooMany !== undefined) throw new CallError(`${name} does not take ${tooMany}.`)
    return await command.run(options, file, io)
  } catch (error) {
    if (!(error instanceof Error)) throw error
    io.writeError(failure(error))
    return 2
  }
}

function unknown(name: string): string {
  return `There is no command ${name.trim()}; there are ${Object.keys(commands).join(', ')}.`
}

function failure(error: Error): string {
  if (error instanceof PolicyInvalidError) {
    const lines = error.problems.map(({ path, message, line, column }) => {
      const place =
        line === undefined ? (error.file ?? '') : `${error.file ?? ''}:${line}:${column ?? 1}`
      return `${place}: ${path.join('.') || 'the policy'} ${message}\n`
    })
    return lines.join('')
  }
  return `${isSqlGuardError(error) ? `${error.code}: ` : ''}${error.message}\n`
}
