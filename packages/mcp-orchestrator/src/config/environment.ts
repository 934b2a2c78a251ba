/** A reference that could not be resolved. */
export interface MissingVariable {
  readonly path: readonly (string | number)[]
  readonly name: string
}

/** A value with its references resolved, and those that could not be. */
export interface Resolved {
  readonly value: unknown
  readonly missing: readonly MissingVariable[]
}

/**
 * Replaces `${NAME}` in every text by the variable of that name; `$${` stands for `${` itself. Keys
 * are left as they are, and what a variable holds is not looked into again.
 */
export function resolveEnvironment(
  value: unknown,
  env: Readonly<Record<string, string | undefined>>,
): Resolved {
  const missing: MissingVariable[] = []
  const resolve = (item: unknown, path: readonly (string | number)[]): unknown => {
    if (typeof item === 'string') {
      return item.replace(/\$\$\{|\$\{([^}]*)\}/g, (found, name?: string) => {
        if (name === undefined) return '${'
        const held = Object.hasOwn(env, name) ? env[name] : undefined
        if (held === undefined) missing.push({ path, name })
        return held ?? found
      })
    }
    if (Array.isArray(item)) return item.map((inner, index) => resolve(inner, [...path, index]))
    if (typeof item !== 'object' || item === null) return item
    return Object.fromEntries(
      Object.entries(item).map(([key, inner]) => [key, resolve(inner, [...path, key])]),
    )
  }
  return { value: resolve(value, []), missing }
}
