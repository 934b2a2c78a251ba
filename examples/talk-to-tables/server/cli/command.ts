import { parseArgs, type ParseArgsOptionsConfig } from 'node:util'
import { z } from 'zod'
import { newApiKey } from '../access/api-keys.ts'
import { verifyAuditLog } from '../audit/verify.ts'
import { printConfig } from '../config/print-config.ts'
import { readConfigFile } from '../config/read-config.ts'
import { demoConfig } from '../config/demo-config.ts'
import { serverConfigSchema, type ServerConfig } from '../config/schema.ts'
import { engineNames } from '../parts/shop.ts'
import { explain, messageOf, type CommandOptions } from './said.ts'
import { serveUntilTold } from './serve.ts'

const usage = `Usage: npm start -- [options]

  --config FILE        serve what this YAML file names; without it, the demo
  --engine NAME        the demo's database: ${engineNames.join(' or ')}
  --check-config       only say whether the configuration can work
  --print-config       print the configuration as it is understood, secrets masked
  --config-schema      print the JSON schema of the configuration, for editors
  --new-key            make an API key, and print what the configuration holds of it
  --verify-audit FILE  check that no line of an audit log was changed or taken out;
                       AUDIT_KEY holds its key, if it has one, and AUDIT_KNOWN a hash that
                       was written down before, to see whether lines were cut off
`

const flags = {
  config: { type: 'string' },
  engine: { type: 'string', default: 'sqlite' },
  'check-config': { type: 'boolean', default: false },
  'print-config': { type: 'boolean', default: false },
  'config-schema': { type: 'boolean', default: false },
  'new-key': { type: 'boolean', default: false },
  'verify-audit': { type: 'string' },
  help: { type: 'boolean', default: false },
} as const satisfies ParseArgsOptionsConfig

/** Runs what the arguments say; gives 0, 1 when something does not hold or work, 2 for bad arguments. */
export async function runCommand(
  args: readonly string[],
  options: CommandOptions,
): Promise<0 | 1 | 2> {
  const { environment, write, complain } = options
  let values: ReturnType<typeof parseArgs<{ options: typeof flags }>>['values']
  try {
    ;({ values } = parseArgs({ args: [...args], options: flags }))
  } catch (error) {
    complain(`${messageOf(error)}\n\n${usage}`)
    return 2
  }
  if (values.help) {
    write(usage)
    return 0
  }
  if (values['config-schema']) {
    write(`${JSON.stringify(z.toJSONSchema(serverConfigSchema, { io: 'input' }), undefined, 2)}\n`)
    return 0
  }
  if (values['new-key']) {
    const { key, sha256 } = newApiKey()
    write(`Give this to the person; it is shown once:\n\n  ${key}\n\n`)
    write(
      `Put this under auth.api_keys:\n\n  - name: THEIR-NAME\n    sha256: ${sha256}\n    role: A-ROLE\n`,
    )
    return 0
  }
  const log = values['verify-audit']
  if (log !== undefined) return verify(log, options)

  const engine = engineNames.find((name) => name === values.engine)
  if (engine === undefined) {
    complain(`--engine must be one of ${engineNames.join(', ')}, got ${values.engine}.\n`)
    return 2
  }
  const read = (): ServerConfig =>
    values.config === undefined
      ? demoConfig(engine, environment)
      : readConfigFile(values.config, environment)
  try {
    const config = read()
    if (values['print-config']) write(`${printConfig(config)}\n`)
    if (values['check-config']) write('The configuration can work.\n')
    if (values['print-config'] || values['check-config']) return 0
    await serveUntilTold(config, { ...options, read, path: values.config })
    return 0
  } catch (error) {
    complain(`${explain(error)}\n`)
    return 1
  }
}

async function verify(
  path: string,
  { environment, write, complain }: CommandOptions,
): Promise<0 | 1> {
  try {
    const verified = await verifyAuditLog(
      path,
      environment['AUDIT_KEY'],
      environment['AUDIT_KNOWN'],
    )
    if (verified.holds) {
      write(`${verified.records} records hold; the last hash is ${verified.last}.\n`)
      return 0
    }
    complain(`Line ${verified.line} ${verified.problem}: the log does not hold from there on.\n`)
  } catch (error) {
    complain(`The audit log cannot be read: ${messageOf(error)}\n`)
  }
  return 1
}
