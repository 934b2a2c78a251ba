import type { Writing } from './readable.ts'

/** A role that may read columns by grant and rows by row policies, within a settings profile. */
export function clickhouseRole({ part, role, maxQueriesPerHour }: Writing): readonly string[] {
  const { quoteName } = part.traits
  const reader = quoteName(role)
  const tables = part.tables.filter(({ columns }) => columns.length > 0)
  return [
    `CREATE ROLE ${reader}`,
    ...tables.flatMap(({ schema, name, columns, condition }) => {
      const table = `${quoteName(schema)}.${quoteName(name)}`
      // A permissive policy for everybody would open what policies of others close.
      const rows =
        condition === undefined
          ? []
          : [
              `CREATE ROW POLICY ${quoteName(`${role}_rows`)} ON ${table} FOR SELECT USING ${condition} AS RESTRICTIVE TO ${reader}`,
            ]
      return [
        ...rows,
        `GRANT SELECT(${columns.map(quoteName).join(', ')}) ON ${table} TO ${reader}`,
      ]
    }),
    `CREATE SETTINGS PROFILE ${reader} SETTINGS readonly = 1, max_result_rows = ${part.policy.limits.maxRows}, result_overflow_mode = 'break' TO ${reader}`,
    ...(maxQueriesPerHour === undefined
      ? []
      : [
          `CREATE QUOTA ${reader} KEYED BY user_name FOR INTERVAL 1 hour MAX queries = ${maxQueriesPerHour} TO ${reader}`,
        ]),
  ]
}
