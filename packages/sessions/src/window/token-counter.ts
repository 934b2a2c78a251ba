/** Counts the tokens of a text, as the model that will read it does. */
export type TokenCounter = (text: string) => number

const bytesPerToken = 3

/**
 * Estimates the tokens of a text: one for every three bytes of UTF-8, rounded up.
 *
 * That is about a third too many for English prose, and about right for SQL, for other alphabets
 * and for Chinese or Japanese. Give a tokenizer of your own where the window must be used to the
 * last token.
 */
export const estimateTokens: TokenCounter = (text) =>
  Math.ceil(Buffer.byteLength(text, 'utf8') / bytesPerToken)
