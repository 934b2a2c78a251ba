import { readFile } from 'node:fs/promises'
import type { McpServer } from '@modelcontextprotocol/server'
import type { Catalog } from '@t2t/sql-guard'
import { z } from 'zod'
import type { Database } from '../databases/database.ts'
import { OptionInvalidError } from '../errors/errors.ts'
import type { Served } from './served.ts'

/** What a resource with business metadata is called. */
export const businessMimeType = 'application/vnd.t2t.business+json'

const text = z.string().trim().min(1).max(4_000)

const businessSchema = z.strictObject({
  description: text.optional(),
  business_context: text.optional(),
  sample_questions: z.array(text).max(100).optional(),
  tables: z
    .record(
      z.string(),
      z.strictObject({
        description: text.optional(),
        columns: z.record(z.string(), text).optional(),
      }),
    )
    .optional(),
})

/** What people know about a database, for those who ask it: the form of a `metadata.json`. */
export type BusinessMetadata = z.infer<typeof businessSchema>

/**
 * Reads a `metadata.json` that lies beside a database.
 *
 * @throws {@link OptionInvalidError} when the file cannot be read or does not have the form.
 */
export async function readBusinessMetadata(path: string): Promise<BusinessMetadata> {
  const content = await readFile(path, 'utf8').catch(() => {
    throw new OptionInvalidError(`${path} cannot be read.`)
  })
  let value: unknown
  try {
    value = JSON.parse(content)
  } catch {
    throw new OptionInvalidError(`${path} is not JSON.`)
  }
  return checkBusiness(value, path)
}

/** @throws {@link OptionInvalidError} naming the first field that is wrong. */
export function checkBusiness(value: unknown, where: string): BusinessMetadata {
  const parsed = businessSchema.safeParse(value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const field = issue?.path.map(String).join('.') ?? ''
  throw new OptionInvalidError(`${where} has a wrong field ${field}: ${issue?.message ?? ''}.`)
}

/** How long a client may keep it, in milliseconds. */
const ttlMs = 60_000

/** Adds business metadata as `db://<name>/business`, without tables and columns that are hidden. */
export function addBusinessResources(
  server: McpServer,
  served: Served,
  business: Readonly<Record<string, BusinessMetadata>>,
): void {
  for (const [name, value] of Object.entries(business)) {
    const database = served.get(name)
    if (database === undefined) {
      throw new OptionInvalidError(`business names ${name}, which is no database here.`)
    }
    addResource(server, database, checkBusiness(value, `business.${name}`))
  }
}

function addResource(server: McpServer, database: Database, business: BusinessMetadata): void {
  const uri = `db://${database.name}/business`
  server.registerResource(
    `${database.name}-business`,
    uri,
    {
      title: `What people know about ${database.name}`,
      description: 'Descriptions, business context and sample questions.',
      mimeType: businessMimeType,
      cacheHint: { ttlMs, cacheScope: 'private' },
    },
    async (_uri, { mcpReq }) => {
      const catalog = await database.catalog({ signal: mcpReq.signal }).catch(() => {
        throw new Error('The metadata cannot be read now.')
      })
      const shown = JSON.stringify(visibleBusiness(business, catalog))
      return { contents: [{ uri, mimeType: businessMimeType, text: shown }] }
    },
  )
}

function visibleBusiness(business: BusinessMetadata, catalog: Catalog): BusinessMetadata {
  const tables = Object.entries(business.tables ?? {}).flatMap(([name, table]) => {
    const known = catalog.tables.find(
      (candidate) => candidate.name === name || `${candidate.schema}.${candidate.name}` === name,
    )
    if (known === undefined) return []
    const shown = new Set(known.columns.map((column) => column.name))
    const columns = Object.entries(table.columns ?? {}).filter(([column]) => shown.has(column))
    return [[name, { ...table, columns: Object.fromEntries(columns) }] as const]
  })
  return { ...business, tables: Object.fromEntries(tables) }
}
