import {
  DatabaseUnavailableError,
  QueryFailedError,
  StatementRefusedError,
} from '../../errors/errors.ts'

/** Translates what the server, its client and the way to it report; anything else stays what it is. */
export function translated(error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error
  const code = String(error.code)
  if (/^E[A-Z_]+$/.test(code) || code.startsWith('UND_')) {
    return new DatabaseUnavailableError(`The ClickHouse server cannot be reached (${code}).`)
  }
  if (!/^\d+$/.test(code)) return error
  return failureOf(Number(code), error.message)
}

/** What a line in place of a row says, where the server fails while it sends rows. */
export function failureIn(line: string): unknown {
  const [, code, message = ''] = /Code: (\d+)\. DB::Exception: ([\s\S]*)/.exec(line) ?? []
  return code === undefined
    ? new DatabaseUnavailableError('The ClickHouse server ended its answer early.')
    : failureOf(Number(code), message)
}

function failureOf(code: number, message: string): Error {
  const engineCode = String(code)
  if (code === 164) return new StatementRefusedError('The session only reads.', { engineCode })
  if (code === 192 || code === 193 || code === 194 || code === 516) {
    return new DatabaseUnavailableError(`The ClickHouse server refused us (${code}).`, {
      retryable: false,
    })
  }
  const reason = naming.get(code)?.(message) ?? reasons.get(code) ?? 'the statement failed'
  return new QueryFailedError(`ClickHouse: ${reason} (${code}).`, {
    engineCode,
    retryable: code === 202 || code === 241,
  })
}

/** Messages hold the whole statement; only the name that is wrong is taken out of them. */
const naming: ReadonlyMap<number, (message: string) => string | undefined> = new Map([
  [16, nameIn('There is no column', /column\s+[`'"]?([\w.]+)/i)],
  [46, nameIn('There is no function', /name\s+[`'"]?([\w.]+)/i)],
  [47, nameIn('There is no column', /identifier\s+[`'"]?([\w.]+)/i)],
  [60, nameIn('There is no table', /(?:identifier|Table)\s+[`'"]?([\w.]+)/)],
  [81, nameIn('There is no database', /Database\s+[`'"]?([\w.]+)/)],
])

function nameIn(what: string, pattern: RegExp): (message: string) => string | undefined {
  return (message) => {
    const [, name] = pattern.exec(message) ?? []
    if (name === undefined) return undefined
    const [, meant = ''] = /Maybe you meant:? \[?([^\]\n]*)/.exec(message) ?? []
    const names = Array.from(meant.matchAll(/'([\w.]+)'/g), ([, one]) => one)
    return `${what} ${name}${names.length === 0 ? '' : `; there is ${names.join(', ')}`}`
  }
}

const reasons: ReadonlyMap<number, string> = new Map([
  [6, 'a text cannot be read as the type that is asked for'],
  [43, 'a function does not take values of this type'],
  [53, 'the types do not fit together'],
  [62, 'the text is not valid SQL'],
  [159, 'the server cancelled the statement'],
  [202, 'the server runs too many statements'],
  [215, 'a column is neither grouped nor aggregated'],
  [241, 'the statement needs too much memory'],
  [394, 'the server cancelled the statement'],
  [497, 'the role may not do this'],
])
