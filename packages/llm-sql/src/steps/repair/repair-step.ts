import type { Edit } from './sql/lex.ts'

/** How certain it is that a repair gives what was meant. */
export type RepairCertainty =
  /** The same thing, written as the database has it. */
  | 'sure'
  /** The only reading that fits the keys and names of the schema. */
  | 'likely'
  /** One of several that could fit. */
  | 'guess'

/** What a repair is about. */
export type RepairKind =
  | 'column-unknown'
  | 'column-ambiguous'
  | 'table-unknown'
  | 'table-missing'
  | 'join-invalid'
  | 'function-unknown'
  | 'aggregate-misplaced'
  | 'group-missing'
  | 'alias-not-visible'
  | 'type-mismatch'
  | 'keyword-misspelt'
  | 'quote-open'
  | 'bracket-open'
  | 'text-cut-off'
  | 'text-around'

/** One thing that was mended. */
export interface Repair {
  readonly kind: RepairKind
  /** What stood there; a name or a few words of SQL, without constants. */
  readonly name: string
  /** What stands there now. */
  readonly by: string
  readonly certainty: RepairCertainty
}

/** Replacements in a text, and what they mend. */
export interface RepairStep {
  readonly edits: readonly Edit[]
  readonly repairs: readonly Repair[]
}
