import { readFile } from 'node:fs/promises'
import { z } from 'zod'

const text = z.string().trim().min(1).max(2_000)
const column = z.string().regex(/^[A-Za-z_]\w*(\.[A-Za-z_]\w*){1,2}$/, 'must be table.column')

const metadata = z.strictObject({
  aliases: z
    .array(z.strictObject({ term: text, column, value: z.union([z.string(), z.number()]) }))
    .default([]),
  translations: z
    .array(z.strictObject({ term: text, expression: text, description: text.optional() }))
    .default([]),
})

/** What people know about the data that the database does not say. */
export type Metadata = z.infer<typeof metadata>

/** Reads a file of metadata. Its error names the file and every field that is wrong. */
export async function readMetadataFile(path: string): Promise<Metadata> {
  const parsed = metadata.safeParse(parseJson(path, await readText(path)))
  if (parsed.success) return parsed.data
  const faults = parsed.error.issues.map((issue) => `  ${formatPath(issue.path)}: ${issue.message}`)
  throw new Error(`${path} is not valid metadata:\n${faults.join('\n')}`)
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    throw new Error(`${path} cannot be read.`, { cause: error })
  }
}

function parseJson(path: string, json: string): unknown {
  try {
    return JSON.parse(json)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new Error(`${path} is not JSON: ${reason}`, { cause: error })
  }
}

function formatPath(path: readonly PropertyKey[]): string {
  if (path.length === 0) return '(the whole file)'
  return path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('')
    .replace(/^\./, '')
}
