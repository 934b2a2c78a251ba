import type { Dialect } from '@t2t/sql-guard'
import type { Hidden } from '../world.ts'

/** What a text gives in a world and in one that differs from it only in what is hidden. */
export interface Judgement {
  readonly one: Answer
  readonly other: Answer
}

/** Rows as a text, or the error; nothing when the engine had to be stopped. */
export type Answer =
  | { readonly kind: 'rows'; readonly text: string }
  | { readonly kind: 'error'; readonly text: string }
  | { readonly kind: 'stopped' }

/** An engine that says what texts give, in a database of its own. */
export interface Engine {
  readonly dialect: Dialect
  /** The portable dialect for the same engine. */
  readonly portable: Dialect
  /** The schema that the tables are in. */
  readonly schema: string
  /** Runs each text in both worlds; says too whether a text has left something changed. */
  judge(
    texts: readonly string[],
    hidden: Hidden,
  ): Promise<{ readonly judgements: readonly Judgement[]; readonly isChanged: boolean }>
  close(): Promise<void>
}

/** One text for all rows; those that the statement does not order come as they like. */
export function inOrder(sql: string, rows: readonly string[]): string {
  let outside = sql
  for (let before = ''; before !== outside;) {
    before = outside
    outside = outside.replaceAll(/\([^()]*\)/g, ' ')
  }
  return (/order\s+by/i.test(outside) ? rows : rows.toSorted()).join('\n')
}
