import type { Catalog } from '@t2t/sql-guard'
import { tokenise, type Token } from '../question/tokens.ts'
import { lexiconOf } from '../schema/lexicon.ts'
import { withCommonWords } from '../schema/common-words.ts'
import type { Thesaurus } from '../schema/thesaurus.ts'
import { matchSchema, type SchemaMatch } from '../schema/match.ts'

/** A question whose words were matched with the names of a schema. */
export interface LinkedQuestion {
  readonly question: string
  readonly catalog: Catalog
  readonly tokens: readonly Token[]
  /** Runs may overlap; resolving chooses among them. */
  readonly schema: readonly SchemaMatch[]
}

/** Options for {@link link}. */
export interface LinkOptions {
  /**
   * Asked about words that mean nothing in the schema; what it does not know is looked for in a
   * short list of common English words. What they lead to counts less than any form of a name.
   * @defaultValue the common words alone
   */
  readonly thesaurus?: Thesaurus | undefined
}

/** Finds which words of a question may mean which tables and columns. */
export function link(
  question: string,
  catalog: Catalog,
  { thesaurus }: LinkOptions = {},
): LinkedQuestion {
  const tokens = tokenise(question)
  const words = withCommonWords(thesaurus)
  return { question, catalog, tokens, schema: matchSchema(tokens, lexiconOf(catalog), words) }
}
