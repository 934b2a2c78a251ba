import { readFile } from 'node:fs/promises'
import type { z } from 'zod'
import { ConfigInvalidError, type ConfigProblem } from '../errors/config-error.ts'
import { resolveEnvironment } from './environment.ts'
import { missingVariables, pathText, problemsOf, type Locate } from './problems.ts'
import { parseYaml } from './yaml.ts'

/** Options for reading a configuration. */
export interface ConfigOptions {
  /**
   * Where `${NAME}` is looked up.
   * @defaultValue `process.env`
   */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined
  /**
   * What the text is called in the message of an error, such as the name of its file.
   * @defaultValue 'The configuration'
   */
  readonly source?: string | undefined
}

/** What a check that knows more than a schema found: where, and one sentence without values. */
export interface FoundProblem {
  readonly path: readonly (string | number)[]
  readonly message: string
  readonly code: ConfigProblem['code']
}

/** Looks at a value that fits its schema for what a schema cannot say. */
export type FurtherCheck<Value> = (value: Value) => readonly FoundProblem[]

/** What is read, and how it is checked. */
export interface CheckOptions<Value> extends ConfigOptions {
  /** Problems beyond the schema; asked only for a value that fits it. */
  readonly further?: FurtherCheck<Value> | undefined
}

/**
 * Reads a text in YAML, of which JSON is a part, resolves `${NAME}` and checks it with a schema.
 *
 * For a configuration of your own that is told what is wrong in the same way: `configSchema.shape`
 * gives the fields of this package for it.
 *
 * @throws {@link ConfigInvalidError} that lists every bad field with its place in the text.
 */
export function checkText<Schema extends z.ZodType>(
  text: string,
  schema: Schema,
  options: CheckOptions<z.infer<Schema>> = {},
): z.infer<Schema> {
  const { value, locate } = parseYaml(text, options.source)
  return checked(value, schema, options, locate)
}

/**
 * The same for an object.
 *
 * @throws {@link ConfigInvalidError} that lists every bad field.
 */
export function checkValue<Schema extends z.ZodType>(
  value: unknown,
  schema: Schema,
  options: CheckOptions<z.infer<Schema>> = {},
): z.infer<Schema> {
  return checked(value, schema, options, () => undefined)
}

/** @throws {@link ConfigInvalidError} when there is no such file. */
export async function readText(path: string, source: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch {
    const message = 'cannot be read.'
    throw new ConfigInvalidError([{ path: '', message, code: 'unreadable' }], source)
  }
}

function checked<Schema extends z.ZodType>(
  value: unknown,
  schema: Schema,
  { env = process.env, source, further }: CheckOptions<z.infer<Schema>>,
  locate: Locate,
): z.infer<Schema> {
  const resolved = resolveEnvironment(value, env)
  const result = schema.safeParse(resolved.value, { reportInput: true })
  const missing = missingVariables(resolved.missing, locate)
  const unresolved = new Set(missing.map(({ path }) => path))
  const problems: ConfigProblem[] = [
    ...missing,
    // What is wrong with a text that could not be resolved is that it could not.
    ...problemsOf(result.error?.issues ?? [], locate).filter(({ path }) => !unresolved.has(path)),
    ...(result.success ? (further?.(result.data) ?? []) : []).map(({ path, message, code }) => ({
      path: pathText(path),
      message,
      code,
      ...locate(path),
    })),
  ]
  if (problems.length > 0 || !result.success) {
    throw new ConfigInvalidError(problems.toSorted(inOrder), source)
  }
  return result.data
}

function inOrder(a: ConfigProblem, b: ConfigProblem): number {
  return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0)
}
