import type { DialectName } from '@t2t/sql-guard'

/** Words that at least one engine does not take as a plain name. */
const reserved = new Set(
  'abort action add all alter analyse analyze and any array as asc asymmetric authorization between binary both by case cast check collate collation column commit constraint create cross current current_date current_time current_timestamp current_user database default deferrable delete desc distinct do drop each else end escape except exclude exists explain false fetch filter following for foreign freeze from full group having if ilike in index initially inner insert intersect into is isnull join key lateral leading left like limit localtime localtimestamp match natural new no not notnull null of off offset old on only or order outer over overlaps partition placing primary range recursive references returning right row rows select session_user set similar some symmetric table tablesample then to trailing transaction trigger true union unique update user using values variadic verbose view when where window with without'.split(
    ' ',
  ),
)

/** Writes a name so that the dialect reads it as it is; quotes only where they are needed. */
export function quoted(name: string, dialect: DialectName): string {
  const isPlain =
    dialect === 'postgres' ? /^[a-z_][a-z0-9_]*$/.test(name) : /^[A-Za-z_]\w*$/.test(name)
  return isPlain && !reserved.has(name.toLowerCase()) ? name : `"${name.replaceAll('"', '""')}"`
}
