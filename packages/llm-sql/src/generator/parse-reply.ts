/** What a model's reply says. */
export type ParsedReply =
  | { readonly kind: 'sql'; readonly sql: string }
  | { readonly kind: 'ask'; readonly ask: string }
  | { readonly kind: 'nothing' }

const statement =
  /^(?:--[^\n]*\n|\s)*(?:select|with|insert|update|delete|drop|create|alter|truncate|values|explain|merge)\b/i

/**
 * Finds the statement in a reply: in the first fenced block that holds one, else where a statement
 * begins at the start of a line. Thinking aloud in `<think>` is dropped.
 *
 * It only finds; whether the statement may run is the guard's business.
 */
export function parseReply(text: string): ParsedReply {
  const reply = text.replaceAll(/<think>[^]*?(?:<\/think>|$)/gi, '').trim()
  const blocks = [...reply.matchAll(/```[ \t]*(?:[\w+-]*)[ \t]*\r?\n?([^]*?)```/g)].map(
    ([, body = '']) => body.trim(),
  )
  const block = blocks.find((body) => statement.test(body))
  if (block !== undefined) return { kind: 'sql', sql: withoutSemicolon(block) }
  const [, ask] = /^\W*ASK\s*:\s*(.+)/im.exec(reply) ?? []
  if (ask !== undefined) return { kind: 'ask', ask: ask.trim().slice(0, 500) }
  if (reply.includes('```')) return { kind: 'nothing' }
  const at = reply.search(/^[ \t]*(?:select|with)\b/im)
  if (at < 0) return { kind: 'nothing' }
  const [paragraph = ''] = reply.slice(at).split(/\n\s*\n/)
  return { kind: 'sql', sql: withoutSemicolon(paragraph.trim()) }
}

/** A semicolon at the end is habit; one in the middle is for the guard to refuse. */
function withoutSemicolon(sql: string): string {
  return sql.replace(/;\s*$/, '')
}
