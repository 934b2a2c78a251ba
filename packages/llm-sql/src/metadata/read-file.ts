import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { parseDocument } from 'yaml'
import type { SourcedMetadata } from '../assistant/assistant.ts'
import { MetadataInvalidError } from '../errors/errors.ts'
import { parseMetadata } from './parse.ts'

/** Options for {@link readMetadataFile}. */
export interface ReadMetadataOptions {
  /**
   * How the file is called in answers.
   * @defaultValue the name of the file without its folder
   */
  readonly name?: string | undefined
  /**
   * 1 to 999; the lower number wins a conflict.
   * @defaultValue 100
   */
  readonly priority?: number | undefined
}

const maxLength = 4_194_304

/**
 * Reads metadata from a file: YAML when it ends in `.yaml` or `.yml`, else JSON.
 *
 * A file is written by hand, so nothing is left out of it in silence: every entry must be valid.
 *
 * @throws {@link MetadataInvalidError} when the file cannot be read, or names what is wrong in it.
 *
 * @example
 * ```ts
 * import { readMetadataFile } from '@t2t/llm-sql/metadata'
 *
 * const words = await readMetadataFile('words.yaml', { priority: 1 })
 * ```
 */
export async function readMetadataFile(
  path: string,
  options: ReadMetadataOptions = {},
): Promise<SourcedMetadata> {
  const { name = basename(path), priority = 100 } = options
  const parsed = parseMetadata(valueOf(await textOf(path, name), path, name))
  if (parsed === undefined)
    throw new MetadataInvalidError(name, ['The file must be an object with at least one list.'])
  if (parsed.problems.length > 0) throw new MetadataInvalidError(name, parsed.problems)
  return { metadata: parsed.metadata, source: { name, priority } }
}

async function textOf(path: string, name: string): Promise<string> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch {
    throw new MetadataInvalidError(name, ['The file cannot be read.'])
  }
  if (text.length > maxLength)
    throw new MetadataInvalidError(name, [`The file is longer than ${maxLength} characters.`])
  return text
}

function valueOf(text: string, path: string, name: string): unknown {
  if (!/\.ya?ml$/i.test(path)) {
    try {
      return JSON.parse(text)
    } catch {
      throw new MetadataInvalidError(name, ['The file is not JSON.'])
    }
  }
  const document = parseDocument(text, { prettyErrors: true })
  const [error] = document.errors
  if (error !== undefined) {
    const { line, col } = error.linePos?.[0] ?? { line: 1, col: 1 }
    throw new MetadataInvalidError(name, [`Line ${line}, column ${col}: the file is not YAML.`])
  }
  try {
    return document.toJS({ maxAliasCount: 100 })
  } catch {
    throw new MetadataInvalidError(name, ['The file holds more references than it may.'])
  }
}
