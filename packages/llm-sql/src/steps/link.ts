import type { Catalog } from '@t2t/sql-guard'
import { tokenise, type Token } from '../question/tokens.ts'
import { lexiconOf } from '../schema/lexicon.ts'
import { matchSchema, type SchemaMatch } from '../schema/match.ts'

/** A question whose words were matched with the names of a schema. */
export interface LinkedQuestion {
  readonly question: string
  readonly catalog: Catalog
  readonly tokens: readonly Token[]
  /** Runs may overlap; resolving chooses among them. */
  readonly schema: readonly SchemaMatch[]
}

/** Finds which words of a question may mean which tables and columns. */
export function link(question: string, catalog: Catalog): LinkedQuestion {
  const tokens = tokenise(question)
  return { question, catalog, tokens, schema: matchSchema(tokens, lexiconOf(catalog)) }
}
