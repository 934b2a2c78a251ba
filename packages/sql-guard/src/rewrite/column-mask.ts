import type { DialectTraits } from '../dialect/dialect.ts'
import type { MaskedItem } from '../resolve/reads.ts'
import type { Source } from '../resolve/relation.ts'
import type { Tables } from '../resolve/from/tables.ts'
import type { Edit } from './splice.ts'

/** The change that shows a mask instead of each masked value of an output column or a star. */
export function maskColumns(
  { span, columns, isNamed }: MaskedItem,
  traits: DialectTraits,
  tables: Tables | undefined,
): Edit {
  const parts = columns.map(({ text, name, mask, source }) => {
    if (mask === undefined) return text
    const shown = {
      null: () => typedNull(source, traits, tables),
      redacted: () => "'***'",
      'last-4': () => traits.concatenate("'***'", traits.lastFour(text)),
    }[mask]()
    return isNamed ? shown : `${shown} AS ${traits.quoteName(name)}`
  })
  return { span, text: parts.join(', ') }
}

/** A null of the column's own type, where the engine cares and the type is known. */
function typedNull(
  source: Source | undefined,
  traits: DialectTraits,
  tables: Tables | undefined,
): string {
  const type = source === undefined ? undefined : tables?.typeOf(source)
  return type !== undefined && /^[\w "]+(\([\d, ]+\))?( [\w ]+)?(\[\])?$/.test(type)
    ? traits.typedNull(type)
    : 'NULL'
}
