import type { Engine } from '@t2t/database'
import { EvaluationInvalidError } from '../errors/errors.ts'

/** Opens the engine that a URL means; the scheme says which. */
export async function engineOfUrl(url: string): Promise<Engine> {
  const scheme = /^([a-z]+):/i.exec(url)?.[1]?.toLowerCase()
  if (scheme === 'postgres' || scheme === 'postgresql') {
    const { postgres } = await loaded('pg', () => import('@t2t/database/postgres'))
    return postgres({ url })
  }
  if (scheme === 'mysql' || scheme === 'mariadb') {
    const { mysql } = await loaded('mysql2', () => import('@t2t/database/mysql'))
    return mysql({ url: url.replace(/^mariadb:/i, 'mysql:') })
  }
  throw new EvaluationInvalidError('The URL of the database must begin with postgres: or mysql:.')
}

/** Opens PGlite: a saved image, a folder of data, or a new one that scripts were run in. */
export async function engineOfPglite(
  source:
    | { readonly image: string }
    | { readonly folder: string }
    | { readonly scripts: readonly string[] },
): Promise<Engine> {
  const library = '@electric-sql/pglite'
  const { pglite } = await loaded(library, () => import('@t2t/database/pglite'))
  if ('image' in source) return pglite(source)
  const { PGlite } = await loaded(library, () => import('@electric-sql/pglite'))
  const client = await PGlite.create('folder' in source ? source.folder : undefined)
  if ('scripts' in source) for (const script of source.scripts) await client.exec(script)
  return pglite({ client })
}

/** Loads what only who evaluates another database than SQLite installs. */
async function loaded<Module>(library: string, load: () => Promise<Module>): Promise<Module> {
  try {
    return await load()
  } catch (error) {
    const isMissing =
      error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND'
    if (!isMissing) throw error
    const packages = `@t2t/database ${library}`
    throw new EvaluationInvalidError(`This database needs more packages: npm install ${packages}.`)
  }
}
