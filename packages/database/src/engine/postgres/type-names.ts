import type { Ask } from './ask.ts'

/** An output column, as the engine describes it. */
export interface PortalColumn {
  readonly name: string
  readonly typeId: number
  readonly typeModifier: number
}

/** Remembers how the engine spells its types. */
export interface TypeNames {
  /** Asks once for types that were not seen before. */
  of(ask: Ask, columns: readonly PortalColumn[]): Promise<readonly string[]>
}

/** Creates an empty memory, bounded by the types that the database has. */
export function createTypeNames(): TypeNames {
  const known = new Map<string, string>()
  const keyOf = ({ typeId, typeModifier }: PortalColumn): string => `${typeId} ${typeModifier}`

  return {
    async of(ask, columns) {
      const missing = columns.filter((column) => !known.has(keyOf(column)))
      if (missing.length > 0) {
        const rows = await ask(
          `SELECT format_type(t.id, t.modifier)
           FROM unnest($1::text::oid[], $2::text::int4[])
             WITH ORDINALITY AS t(id, modifier, place) ORDER BY t.place`,
          [
            `{${missing.map(({ typeId }) => typeId).join()}}`,
            `{${missing.map(({ typeModifier }) => typeModifier).join()}}`,
          ],
        )
        for (const [place, column] of missing.entries()) {
          known.set(keyOf(column), rows[place]?.[0] ?? '')
        }
      }
      return columns.map((column) => known.get(keyOf(column)) ?? '')
    },
  }
}
