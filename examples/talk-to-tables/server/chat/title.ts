/** The first line of a question, as the title of the session that it began. */
export function titleOf(query: string): string {
  const [line = ''] = query.trim().split('\n')
  const characters = Array.from(line)
  return characters.length > 60 ? `${characters.slice(0, 59).join('')}…` : line
}
