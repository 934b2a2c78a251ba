/** Reads the events of a stream: `event: name` and one line of JSON each, comments left out. */
export async function* readEvents(body) {
  let rest = ''
  for await (const text of body.pipeThrough(new TextDecoderStream())) {
    const frames = (rest + text).split('\n\n')
    rest = frames.pop()
    for (const frame of frames) {
      const fields = Object.fromEntries(
        frame
          .split('\n')
          .filter((line) => !line.startsWith(':'))
          .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
      )
      if (fields.data) yield { name: fields.event, data: JSON.parse(fields.data) }
    }
  }
}
