import { nativePolicy } from '../native/native-policy.ts'
import { CallError, type CommandIo, type ExitCode } from './io.ts'
import type { Options } from './options.ts'
import { needCatalog, readCatalog, readDialect, readPolicy } from './read.ts'

/** Writes a policy in the words of the engine; what the engine does not hold stands in comments. */
export async function writeNative(
  options: Options,
  _file: string,
  io: CommandIo,
): Promise<ExitCode> {
  const { role, database, attributes } = options
  if (role === undefined || database === undefined) {
    throw new CallError('policy native needs --role and --database.')
  }
  const catalog = needCatalog(await readCatalog(options.catalog, io))
  const dialect = await readDialect(options.dialect, catalog)
  const policy = await readPolicy(options.policy, io)
  const native = await nativePolicy({ dialect, policy, catalog, attributes, role, database })
  if (options.json) {
    io.write(`${JSON.stringify(native)}\n`)
    return 0
  }
  for (const { part, message } of native.gaps) io.write(`-- ${part}: ${message}\n`)
  for (const statement of native.statements) io.write(`${statement};\n`)
  return 0
}
