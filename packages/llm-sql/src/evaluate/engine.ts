import type { Catalog } from '@t2t/sql-guard'
import { EvaluationInvalidError } from '../errors/errors.ts'

/** What an evaluation needs of an engine of `@t2t/database`. */
export interface EvaluationEngine {
  read(
    sql: string,
    caps: { readonly maxRows: number; readonly maxBytes: number; readonly timeoutMs: number },
    signal: AbortSignal,
  ): Promise<EngineRows>
  introspect(signal: AbortSignal): Promise<Catalog>
  close(): Promise<void>
}

/** Rows as an engine gives them. */
export interface EngineRows {
  readonly columns: readonly { readonly name: string; readonly type?: string | undefined }[]
  readonly rows: readonly (readonly (string | number | boolean | null)[])[]
  readonly truncated?: object | undefined
}

/** Opens the engine that a URL means; the scheme says which. */
export async function engineOfUrl(url: string): Promise<EvaluationEngine> {
  const scheme = /^([a-z]+):/i.exec(url)?.[1]?.toLowerCase()
  if (scheme === 'postgres' || scheme === 'postgresql') return engineFrom('postgres', { url }, 'pg')
  if (scheme === 'mysql' || scheme === 'mariadb')
    return engineFrom('mysql', { url: url.replace(/^mariadb:/i, 'mysql:') }, 'mysql2')
  throw new EvaluationInvalidError('The URL of the database must begin with postgres: or mysql:.')
}

/** Opens PGlite: a saved image, a folder of data, or a new one that scripts were run in. */
export async function engineOfPglite(
  source:
    | { readonly image: string }
    | { readonly folder: string }
    | { readonly scripts: readonly string[] },
): Promise<EvaluationEngine> {
  if ('image' in source) return engineFrom('pglite', source, 'pglite')
  const create = await loaded('@electric-sql/pglite', 'PGlite', '@electric-sql/pglite')
  const factory: unknown = Reflect.get(create, 'create')
  if (!isFunction(factory)) throw new EvaluationInvalidError('This PGlite has no create().')
  const client: unknown =
    'folder' in source
      ? await Reflect.apply(factory, create, [source.folder])
      : await Reflect.apply(factory, create, [])
  if ('scripts' in source) for (const script of source.scripts) await execute(client, script)
  return engineFrom('pglite', { client }, 'pglite')
}

async function execute(client: unknown, script: string): Promise<void> {
  const exec: unknown = typeof client === 'object' && client !== null && Reflect.get(client, 'exec')
  if (isFunction(exec)) await Reflect.apply(exec, client, [script])
}

type Function = (...values: readonly never[]) => unknown

function isFunction(value: unknown): value is Function {
  return typeof value === 'function'
}

/** Makes an engine of `@t2t/database`, which only who evaluates another database than SQLite installs. */
async function engineFrom(
  name: 'postgres' | 'mysql' | 'pglite',
  options: object,
  library: string,
): Promise<EvaluationEngine> {
  const make = await loaded(`@t2t/database/${name}`, name, `@t2t/database ${library}`)
  const engine: unknown = Reflect.apply(make, undefined, [options])
  if (isEngine(engine)) return engine
  throw new EvaluationInvalidError(`@t2t/database/${name} gives no engine.`)
}

async function loaded(path: string, name: string, install: string): Promise<Function> {
  let module: unknown
  try {
    module = await import(path)
  } catch (error) {
    const isMissing =
      error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND'
    if (!isMissing) throw error
    throw new EvaluationInvalidError(`This database needs more packages: npm install ${install}.`)
  }
  const value: unknown =
    typeof module === 'object' && module !== null ? Reflect.get(module, name) : undefined
  if (isFunction(value)) return value
  throw new EvaluationInvalidError(`${path} has no ${name}.`)
}

function isEngine(value: unknown): value is EvaluationEngine {
  return (
    typeof value === 'object' &&
    value !== null &&
    ['read', 'introspect', 'close'].every((key) => isFunction(Reflect.get(value, key)))
  )
}
