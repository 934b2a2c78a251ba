import type { PgliteTransaction } from './client.ts'
import type { PortalColumn } from './portal.ts'

/** Remembers how the engine spells its types. */
export interface TypeNames {
  /** Asks once for types that were not seen before. */
  of(transaction: PgliteTransaction, columns: readonly PortalColumn[]): Promise<readonly string[]>
}

/** Creates an empty memory, bounded by the types that the database has. */
export function createTypeNames(): TypeNames {
  const known = new Map<string, string>()
  const keyOf = ({ typeId, typeModifier }: PortalColumn): string => `${typeId} ${typeModifier}`

  return {
    async of(transaction, columns) {
      const missing = columns.filter((column) => !known.has(keyOf(column)))
      if (missing.length > 0) {
        const { rows } = await transaction.query<{ name: string }>(
          `SELECT format_type(t.id, t.modifier) AS name
           FROM unnest($1::oid[], $2::int4[])
             WITH ORDINALITY AS t(id, modifier, place) ORDER BY t.place`,
          [missing.map(({ typeId }) => typeId), missing.map(({ typeModifier }) => typeModifier)],
        )
        for (const [place, column] of missing.entries()) {
          known.set(keyOf(column), rows[place]?.name ?? '')
        }
      }
      return columns.map((column) => known.get(keyOf(column)) ?? '')
    },
  }
}
