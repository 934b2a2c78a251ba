/**
 * Says what is wrong with the input of a call, as far as the top of its schema tells: fields that
 * are missing, unknown or of another type. The tool itself checks the rest.
 *
 * @returns `undefined` when nothing is.
 */
export function problemIn(
  input: Readonly<Record<string, unknown>>,
  schema: Readonly<Record<string, unknown>>,
): string | undefined {
  const properties = recordOf(schema['properties'])
  const required = Array.isArray(schema['required']) ? schema['required'] : []
  const missing = required.find((name) => typeof name === 'string' && !Object.hasOwn(input, name))
  if (typeof missing === 'string') return `The argument ${missing} is missing.`
  for (const [name, value] of Object.entries(input)) {
    if (!Object.hasOwn(properties, name)) {
      if (schema['additionalProperties'] === false) return 'There is an argument too many.'
      continue
    }
    const type = recordOf(properties[name])['type']
    if (typeof type === 'string' && !isOf(type, value))
      return `The argument ${name} must be of type ${type}.`
  }
  return undefined
}

function isOf(type: string, value: unknown): boolean {
  switch (type) {
    case 'string':
    case 'boolean':
      return typeof value === type
    case 'number':
      return typeof value === 'number'
    case 'integer':
      return Number.isInteger(value)
    case 'array':
      return Array.isArray(value)
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value)
    case 'null':
      return value === null
    default:
      return true
  }
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
    ? Object.fromEntries(Object.entries(value))
    : {}
}
