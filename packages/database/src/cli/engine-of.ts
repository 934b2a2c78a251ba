import type { Engine } from '../engine/engine.ts'
import { OptionInvalidError } from '../errors/errors.ts'

/**
 * Opens the engine that a URL means. The library of an engine is loaded when it is needed.
 *
 * @throws {@link OptionInvalidError} when the URL means none, or its library is not installed.
 */
export async function engineOf(url: string): Promise<Engine> {
  const scheme = /^([a-z]+):/i.exec(url)?.[1]?.toLowerCase() ?? ''
  switch (scheme) {
    case 'postgres':
    case 'postgresql': {
      const { postgres } = await load('pg', () => import('../engine/postgres/postgres.ts'))
      return postgres({ url })
    }
    case 'mysql':
    case 'mariadb': {
      const { mysql } = await load('mysql2', () => import('../engine/mysql/mysql.ts'))
      return mysql({ url: url.replace(/^mariadb:/i, 'mysql:') })
    }
    case 'sqlite': {
      const { sqlite } = await load('sqlite3-parser', () => import('../engine/sqlite/sqlite.ts'))
      return sqlite({ path: url.slice('sqlite:'.length) })
    }
    default:
      throw new OptionInvalidError(
        'The URL must begin with postgres:, mysql: or sqlite:, such as sqlite:shop.db.',
      )
  }
}

async function load<Module>(library: string, importIt: () => Promise<Module>): Promise<Module> {
  try {
    return await importIt()
  } catch (error) {
    if (!isMissing(error)) throw error
    throw new OptionInvalidError(`This engine needs ${library}: npm install ${library}.`)
  }
}

/** Whether a package could not be found. */
export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND'
}
