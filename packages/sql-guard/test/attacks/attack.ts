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
      sql: place(asNumber(sql)),
      proof: 'leaks' as const,
      needsCatalog: needsCatalog ?? false,
    })),
  )
}

/** Each attack once. */
export function distinct(list: readonly Attack[]): readonly Attack[] {
  return [...new Map(list.map((attack) => [attack.sql, attack])).values()]
}

/** Honest statements: the places of the attacks, with conditions on what may be read. */
export function honestTwins(
  places: readonly Place[],
  constants: readonly Place[],
): readonly string[] {
  const byRow = ["c.name LIKE 'A%'", 'EXISTS (SELECT 1 FROM orders q WHERE q.customer_id = c.id)']
  const byTable = [
    'EXISTS (SELECT 1 FROM orders WHERE total > 20)',
    '(WITH w AS (SELECT max(id) AS m FROM orders) SELECT m FROM w) = 3',
    'EXISTS (SELECT 1 FROM customer_emails e JOIN orders USING (id) WHERE e.id = 1)',
  ]
  return [
    ...places.flatMap((place) => [...byRow, ...byTable].map((sql) => place(asNumber(sql)))),
    ...constants.flatMap((place) => byTable.map((sql) => place(asNumber(sql)))),
  ]
}

function asNumber(condition: string): string {
  return `CASE WHEN ${condition} THEN 1 ELSE 2 END`
}
