import { DialectUnavailableError } from '../../errors/errors.ts'
import type { Dialect, DialectTraits, ParseBounds, ParsedText } from '../dialect.ts'
import { mysql } from '../mysql/mysql.ts'
import { postgres } from '../postgres/postgres.ts'
import { sqlite } from '../sqlite/sqlite.ts'
import { type Parser, parsePortable } from './parse.ts'
import type { PortableEngine } from './text/tokens.ts'

/** Options for {@link portable}. */
export interface PortableOptions {
  /** The engine that runs the texts. */
  readonly engine: PortableEngine
  /**
   * The database of MySQL that names without one are looked up in; a catalog says it better.
   * @defaultValue none
   */
  readonly database?: string | undefined
}

/**
 * A plain subset of the SQL of PostgreSQL, SQLite or MySQL, read with `node-sql-parser`.
 *
 * For places where neither WASM nor the dialect of the engine can be loaded. The parser loses parts
 * of texts, so that its tree is believed only where it accounts for every token of the text, in
 * order; whatever it leaves over is refused. Use the dialect of the engine wherever you can: it reads
 * all of the engine's SQL.
 *
 * @example
 * ```ts
 * import { createSqlGuard } from '@t2t/sql-guard'
 * import { portable } from '@t2t/sql-guard/portable'
 *
 * const guard = await createSqlGuard({ dialect: portable({ engine: 'mysql' }) })
 * const verdict = guard.check('SELECT count(*) FROM orders')
 * ```
 */
export function portable({ engine, database }: PortableOptions): Dialect {
  let parser: Parser | undefined
  return {
    name: engine,
    traits: traitsOf(engine, database),
    async load() {
      try {
        parser = await loaders[engine]()
      } catch (cause) {
        throw new DialectUnavailableError(
          'The parser cannot be loaded; npm install node-sql-parser@5.4.0 brings it.',
          {
            cause,
          },
        )
      }
    },
    parse(text: string, bounds: ParseBounds): ParsedText {
      if (parser === undefined) {
        throw new DialectUnavailableError('The dialect must be loaded before it can parse.')
      }
      return parsePortable(text, bounds, engine, parser)
    },
  }
}

/** What the engines' own dialects say of them; their parsers are not loaded. */
function traitsOf(engine: PortableEngine, database: string | undefined): DialectTraits {
  if (engine === 'mysql') return mysql({ database }).traits
  return { postgres, sqlite }[engine]().traits
}

/** Each loads one grammar of the package. */
const loaders: Readonly<Record<PortableEngine, () => Promise<Parser>>> = {
  postgres: async () => parserOf(await import('node-sql-parser/build/postgresql.js'), 'postgresql'),
  sqlite: async () => parserOf(await import('node-sql-parser/build/sqlite.js'), 'sqlite'),
  mysql: async () => parserOf(await import('node-sql-parser/build/mysql.js'), 'mysql'),
}

/** The part of the package that is used; it is CommonJS, and so may be the default. */
interface Build {
  readonly Parser?: new () => Astify
  readonly default?: { readonly Parser: new () => Astify }
}

interface Astify {
  astify(sql: string, options: { readonly database: string }): unknown
}

function parserOf(build: Build, database: string): Parser {
  const Class = build.Parser ?? build.default?.Parser
  if (Class === undefined) throw new TypeError('node-sql-parser has no Parser.')
  const parser = new Class()
  return (sql) => parser.astify(sql, { database })
}
