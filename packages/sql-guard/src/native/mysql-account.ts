import { OptionInvalidError } from '../errors/errors.ts'
import type { Writing } from './readable.ts'

/**
 * An account that may read columns by grant; where rows are filtered or values masked, it reads views
 * in a database of its own instead, and nothing else.
 */
export function mysqlAccount(writing: Writing): readonly string[] {
  const { part, role, maxQueriesPerHour } = writing
  const user = part.traits.quoteString(role)
  if (user === undefined) {
    throw new OptionInvalidError('role must be a name that servers read in one way only.')
  }
  const account = `${user}@'%'`
  const limit =
    maxQueriesPerHour === undefined ? '' : ` WITH MAX_QUERIES_PER_HOUR ${maxQueriesPerHour}`
  const { quoteName } = part.traits
  const create = `CREATE USER ${account}${limit}`
  if (!needsViews(part)) {
    const grants = part.tables
      .filter(({ columns }) => columns.length > 0)
      .map(({ schema, name, columns }) => {
        const list = columns.map(quoteName).join(', ')
        return `GRANT SELECT (${list}) ON ${quoteName(schema)}.${quoteName(name)} TO ${account}`
      })
    return [create, ...grants]
  }
  const views = quoteName(viewsOf(writing))
  return [
    create,
    `CREATE DATABASE ${views}`,
    ...part.tables.map(
      ({ name, query }) =>
        `CREATE SQL SECURITY DEFINER VIEW ${views}.${quoteName(name)} AS ${query}`,
    ),
    `GRANT SELECT ON ${views}.* TO ${account}`,
  ]
}

/** Whether MySQL needs views to say what a policy says. */
export function needsViews({ tables }: Writing['part']): boolean {
  return tables.some(({ condition, limited }) => condition !== undefined || limited.length > 0)
}

/** The database of the views. */
export function viewsOf({ role, database }: Pick<Writing, 'role' | 'database'>): string {
  return `${database}_${role}`
}
