/** How it is proved on the real engine, without the guard, that an attack is one. */
export type Proof =
  /** Its answer depends on data that the policy hides. */
  | 'leaks'
  /** It runs. */
  | 'runs'
  /** The engine plans it; to run it would harm the engine of the test. */
  | 'plans'

/** A text that must not get through. */
export interface Attack {
  /** The number of the attack vector in the threat model. */
  readonly vector: number
  readonly sql: string
  readonly proof: Proof
  /** Whether only a catalog can tell it from an honest text. */
  readonly needsCatalog: boolean
}

/** A way to write something, and whether a catalog is needed to see what it means. */
export interface Form {
  readonly sql: string
  readonly needsCatalog?: true
}

/** A place in a statement whose answer depends on an expression that gives 1 or 2. */
export type Place = (one: string) => string

/** Attacks that name what they do by themselves. */
export function attacks(vector: number, proof: Proof, texts: readonly string[]): readonly Attack[] {
  return texts.map((sql) => ({ vector, sql, proof, needsCatalog: false }))
}

/** Attacks that only a catalog can tell from honest texts. */
export function hiddenAttacks(
  vector: number,
  proof: Proof,
  texts: readonly string[],
): readonly Attack[] {
  return texts.map((sql) => ({ vector, sql, proof, needsCatalog: true }))
}

/** Every condition at every place. */
export function crossed(
  vector: number,
  places: readonly Place[],
  conditions: readonly Form[],
): readonly Attack[] {
  return places.flatMap((place) =>
    conditions.map(({ sql, needsCatalog }) => ({
      vector,
      sql: place(`CASE WHEN ${sql} THEN 1 ELSE 2 END`),
      proof: 'leaks' as const,
      needsCatalog: needsCatalog ?? false,
    })),
  )
}

/** Each attack once. */
export function distinct(list: readonly Attack[]): readonly Attack[] {
  return [...new Map(list.map((attack) => [attack.sql, attack])).values()]
}
