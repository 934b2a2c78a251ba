/** One line of an exposition that holds a value. */
export interface Sample {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: string
}

/** Reads the text format as its specification says, and throws at the first line that is wrong. */
export function readExposition(text: string): readonly Sample[] {
  if (!text.endsWith('\n')) throw new Error('The last line does not end.')
  return text
    .slice(0, -1)
    .split('\n')
    .filter((line) => !/^# (?:HELP|TYPE) [a-zA-Z_:][a-zA-Z0-9_:]* ./.test(line))
    .map(readSample)
}

function readSample(line: string): Sample {
  const head = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(\{)?/.exec(line)
  if (head?.[1] === undefined) throw new Error(`Not a sample: ${line}`)
  const labels: Record<string, string> = Object.create(null)
  let rest = line.slice(head[0].length)
  while (head[2] !== undefined && !rest.startsWith('}')) {
    const pair = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\[\\"n])*)"(,|(?=\}))/.exec(rest)
    if (pair?.[1] === undefined || pair[2] === undefined) throw new Error(`Not a label: ${rest}`)
    if (pair[1] in labels) throw new Error(`Label twice: ${pair[1]}`)
    labels[pair[1]] = pair[2].replaceAll(/\\(.)/g, (_, sign) =>
      sign === 'n' ? '\n' : String(sign),
    )
    rest = rest.slice(pair[0].length)
  }
  const value = /^\}? (\S+)$/.exec(rest)?.[1]
  if (value === undefined) throw new Error(`Not a value: ${rest}`)
  return { name: head[1], labels, value }
}
