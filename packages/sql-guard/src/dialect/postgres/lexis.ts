import type { Lexis } from '../dialect.ts'

/** How PostgreSQL reads strings, quoted names and comments, with standard_conforming_strings on. */
export const postgresLexis: Lexis = {
  quotes: { '"': '"' },
  hasDollarQuotes: true,
  hasEscapeStrings: true,
  hasNestedComments: true,
  isMysql: false,
}
