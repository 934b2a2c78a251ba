import type { z } from 'zod'
import type { ConfigProblem } from '../errors/config-error.ts'
import type { MissingVariable } from './environment.ts'

/** Where a field stands in a text. */
export interface Position {
  readonly line: number
  readonly column: number
}

/** Finds a field, or the nearest one around it. */
export type Locate = (path: readonly PropertyKey[]) => Position | undefined

type Issue = z.core.$ZodIssue

/** Describes what a schema found, without values. */
export function problemsOf(issues: readonly Issue[], locate: Locate): readonly ConfigProblem[] {
  return issues.flatMap((issue) => problemsIn(issue, locate))
}

/** Describes references to the environment that could not be resolved. */
export function missingVariables(
  missing: readonly MissingVariable[],
  locate: Locate,
): readonly ConfigProblem[] {
  return missing.map(({ path, name }) => ({
    path: pathText(path),
    message: /^[A-Za-z_]\w{0,99}$/.test(name)
      ? `refers to the environment variable ${name}, which is not set.`
      : 'refers to an environment variable by a name that cannot be one.',
    code: 'environment',
    ...locate(path),
  }))
}

function problemsIn(issue: Issue, locate: Locate): readonly ConfigProblem[] {
  const { path } = issue
  const at = (code: ConfigProblem['code'], message: string, where = path): ConfigProblem => ({
    path: pathText(where),
    message,
    code,
    ...locate(where),
  })
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => at('unknown', 'is not a field there is.', [...path, key]))
  }
  if (issue.code === 'invalid_type') {
    if (issue.input === undefined) return [at('missing', 'is missing.')]
    return [at('invalid', `must be ${kinds[issue.expected] ?? issue.expected}.`)]
  }
  if (issue.code === 'invalid_union') return [at('invalid', unionText(issue))]
  if (issue.code === 'invalid_value') {
    return [at('invalid', `must be one of ${issue.values.map(String).join(', ')}.`)]
  }
  if (issue.code === 'too_small') {
    const least = `${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}`
    return [at('invalid', issue.origin === 'string' ? 'must not be empty.' : `must be ${least}.`)]
  }
  if (issue.code === 'too_big') return [at('invalid', `must be at most ${issue.maximum}.`)]
  if (issue.code === 'invalid_format') {
    return [at('invalid', issue.message.startsWith('must') ? issue.message : 'has the wrong form.')]
  }
  if (issue.code === 'custom') {
    const code = issue.params?.['code'] === 'duplicate' ? 'duplicate' : 'invalid'
    return [at(code, issue.message)]
  }
  return [at('invalid', 'cannot be used.')]
}

/** Forms that a field tells apart: the permitted values of that field. */
function unionText(issue: Extract<Issue, { code: 'invalid_union' }>): string {
  const permitted: unknown = 'options' in issue ? issue.options : undefined
  if (!Array.isArray(permitted)) return 'has none of the permitted forms.'
  return `must be one of ${permitted.map(String).join(', ')}.`
}

const kinds: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a set of fields',
  record: 'a set of fields',
}

/** Writes a path such as `mcp_servers[0].priority`. */
export function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('')
    .replace(/^\./, '')
}
