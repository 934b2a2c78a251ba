/** Reads the data of server-sent events out of a text that comes in pieces; comments are dropped. */
export async function* dataOf(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = ''
  let data: string[] = []
  let endedInReturn = false
  for await (const piece of pieces) {
    const mayEnd = endedInReturn || /[\r\n]/.test(piece)
    endedInReturn = piece === '' ? endedInReturn : piece.endsWith('\r')
    rest += piece
    // A line that comes in many pieces is looked through once, and not with each of them.
    if (!mayEnd) continue
    const lines = rest.split(/\r\n|\n|\r(?!$)/)
    rest = lines.pop() ?? ''
    for (const line of lines) {
      if (line.startsWith('data:')) data.push(line.slice('data:'.length).replace(/^ /, ''))
      if (line !== '' || data.length === 0) continue
      yield data.join('\n')
      data = []
    }
  }
  const last = rest.replace(/\r$/, '')
  if (last.startsWith('data:')) data.push(last.slice('data:'.length).replace(/^ /, ''))
  if (data.length > 0) yield data.join('\n')
}
