import { readFile } from 'node:fs/promises'
import { parse, YAMLParseError } from 'yaml'
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
  metrics: z
    .array(
      z.strictObject({
        name: text,
        expression: text,
        description: text,
        unit: text.optional(),
        grain: text.optional(),
      }),
    )
    .default([]),
  glossary: z
    .array(z.strictObject({ term: text, definition: text, synonyms: z.array(text).optional() }))
    .default([]),
})

/** What people know about the data that the database does not say. */
export type Metadata = z.infer<typeof metadata>

/** Reads a file of metadata, JSON or YAML. Its error names the file and every field that is wrong. */
export async function readMetadataFile(path: string): Promise<Metadata> {
  const parsed = metadata.safeParse(parseText(path, await readText(path)) ?? {})
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

function parseText(path: string, content: string): unknown {
  if (/\.ya?ml$/i.test(path)) return parseYaml(path, content)
  try {
    return JSON.parse(content)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new Error(`${path} is not JSON: ${reason}`, { cause: error })
  }
}

function parseYaml(path: string, content: string): unknown {
  try {
    return parse(content)
  } catch (error) {
    const line = error instanceof YAMLParseError ? ` (line ${error.linePos?.[0].line})` : ''
    throw new Error(`${path} is not YAML${line}.`, { cause: error })
  }
}

function formatPath(path: readonly PropertyKey[]): string {
  if (path.length === 0) return '(the whole file)'
  return path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('')
    .replace(/^\./, '')
}
