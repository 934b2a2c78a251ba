import * as z from 'zod/mini'
import type { Catalog } from '@t2t/sql-guard'

const name = z.string().check(z.minLength(1), z.maxLength(200))
const text = z.optional(z.string().check(z.maxLength(10_000)))
const values = z.optional(z.array(z.string().check(z.maxLength(1_000))).check(z.maxLength(10_000)))

const column = z.object({
  name,
  type: z.string().check(z.maxLength(500)),
  isNullable: z.boolean(),
  comment: text,
  generatedFrom: z.optional(z.array(name)),
  enumValues: values,
  sampleValues: values,
})

const table = z.object({
  schema: name,
  name,
  kind: z.enum(['table', 'view']),
  columns: z.array(column).check(z.maxLength(5_000)),
  primaryKey: z.array(name),
  foreignKeys: z.array(
    z.object({
      columns: z.array(name),
      references: z.object({ schema: name, table: name, columns: z.array(name) }),
    }),
  ),
  comment: text,
  estimatedRows: z.optional(z.number()),
  definition: z.optional(z.string().check(z.maxLength(100_000))),
})

const catalog = z.object({
  dialect: z.enum(['postgres', 'sqlite', 'mysql', 'clickhouse']),
  version: z.string().check(z.maxLength(500)),
  searchPath: z.array(name),
  tables: z.array(table).check(z.maxLength(20_000)),
})

/** Reads a catalog from its JSON form; `undefined` when the value is not one. */
export function parseCatalog(value: unknown): Catalog | undefined {
  const parsed = catalog.safeParse(value)
  return parsed.success ? parsed.data : undefined
}
