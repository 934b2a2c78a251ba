/**
 * A table as the key of a map. No engine has a name with the character between the parts, while
 * schemas and tables may well be called `a.b`.
 */
export function tableKey(schema: string, table: string): string {
  return `${schema}\0${table}`
}
