import { readFileSync, statSync } from 'node:fs'
import type { Engine } from '@t2t/database'
import * as z from 'zod/mini'
import { EvaluationInvalidError } from '../errors/errors.ts'
import type { EvaluationDatabase } from './database.ts'
import { openEngine } from './engine-database.ts'
import { engineOfPglite, engineOfUrl } from './engine.ts'
import { openSqlite } from './sqlite-database.ts'

const text = z.string().check(z.minLength(1))

/** Where the databases of a configuration are; `{db}` stands for the name of each. */
export const databaseShape = z.strictObject({
  file: z.optional(text),
  scripts: z.optional(z.array(text).check(z.minLength(1))),
  url: z.optional(text),
  urlVariable: z.optional(text),
  pglite: z.optional(text),
  engine: z._default(z.enum(['sqlite', 'pglite']), 'sqlite'),
  doubleQuotedStrings: z._default(z.boolean(), false),
  sampleValues: z._default(z.int().check(z.gte(0)), 0),
})

/** What {@link databaseShape} accepts. */
export type DatabaseSource = z.output<typeof databaseShape>

const places = ['file', 'scripts', 'url', 'urlVariable', 'pglite'] as const

/** @throws {@link EvaluationInvalidError} unless exactly one place is named. */
export function checkSource(source: DatabaseSource): void {
  if (places.filter((place) => source[place] !== undefined).length !== 1)
    throw new EvaluationInvalidError(`database needs one of ${places.join(', ')}.`)
  if (source.engine === 'pglite' && source.scripts === undefined)
    throw new EvaluationInvalidError('database.engine says what runs scripts; there are none.')
}

/** What opening a database needs of its surroundings. */
export interface Surroundings {
  /** The path that a path of the configuration means for a database. */
  readonly at: (path: string, db: string) => string
  readonly environment: Readonly<Record<string, string | undefined>>
}

/** @throws {@link EvaluationInvalidError} when the database cannot be opened. */
export async function openDatabase(
  db: string,
  source: DatabaseSource,
  { at, environment }: Surroundings,
): Promise<EvaluationDatabase> {
  if (!/^[\w.-]+$/.test(db) || db.startsWith('.'))
    throw new EvaluationInvalidError(
      'The name of a database may hold letters, digits, _, - and . only.',
    )
  const { file, scripts, url, urlVariable, pglite, doubleQuotedStrings, sampleValues } = source
  const written = url ?? (urlVariable === undefined ? undefined : environment[urlVariable])
  if (urlVariable !== undefined && (written === undefined || written === ''))
    throw new EvaluationInvalidError(`The variable ${urlVariable} is not set.`)
  const paths = scripts?.map((script) => at(script, db))
  const byEngine = (open: () => Promise<Engine>): Promise<EvaluationDatabase> =>
    openEngine(db, open, sampleValues)
  if (written !== undefined) return byEngine(() => engineOfUrl(written.replaceAll('{db}', db)))
  if (pglite !== undefined) return byEngine(() => engineOfPglite(savedIn(at(pglite, db))))
  if (source.engine === 'pglite')
    return byEngine(() => engineOfPglite({ scripts: (paths ?? []).map(contentOf) }))
  return openSqlite(db, {
    file: file === undefined ? undefined : at(file, db),
    scripts: paths,
    doubleQuotedStrings,
    sampleValues,
  })
}

function savedIn(path: string): { readonly image: string } | { readonly folder: string } {
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory()
  if (isFolder === undefined) throw new EvaluationInvalidError(`${path} cannot be read.`)
  return isFolder ? { folder: path } : { image: path }
}

function contentOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    throw new EvaluationInvalidError(`${path} cannot be read.`)
  }
}
