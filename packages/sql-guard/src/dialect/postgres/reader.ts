import { type ParseResult, parseSync, SqlError } from 'libpg-query'

type Read = (text: string) => ParseResult

/** Absent while a new module is on its way. */
let read: Read | undefined = parseSync
let restart: Promise<void> | undefined

/** Thrown instead of a result when the parser's module failed, and not the text. */
export class ReaderFailure extends Error {
  override readonly name = 'ReaderFailure'
}

/**
 * Parses a text with PostgreSQL's own grammar.
 *
 * A module that ran out of stack keeps what it had on it, and breaks after some times: after the
 * first time, another one takes its place.
 *
 * @throws `SqlError` when the text is not valid, `ReaderFailure` when the module failed.
 */
export function readStatements(text: string): ParseResult {
  if (read === undefined) throw new ReaderFailure('The parser is being started again.')
  try {
    return read(text)
  } catch (error) {
    if (error instanceof SqlError) throw error
    read = undefined
    // Later, since there may be no room on the stack now.
    restart = Promise.resolve()
      .then(freshReader)
      // Where there is no other module, the first one still has some of its stack.
      .catch(() => parseSync)
      .then((fresh) => void (read = fresh))
    throw new ReaderFailure('The parser failed.', { cause: error })
  }
}

/** Waits for a module that is on its way. */
export async function readerReady(): Promise<void> {
  await restart
}

/** The part of the package that makes the parser's module, of which it makes one for itself. */
interface Factory {
  readonly default: () => Promise<ParserModule>
}

interface ParserModule {
  lengthBytesUTF8(text: string): number
  stringToUTF8(text: string, address: number, maxBytes: number): void
  UTF8ToString(address: number): string
  getValue(address: number, type: 'i32'): number
  _malloc(bytes: number): number
  _free(address: number): void
  _wasm_parse_query_raw(text: number): number
  _wasm_free_parse_result(result: number): void
}

async function freshReader(): Promise<Read> {
  // @ts-expect-error The package has no types for this part of it.
  const { default: createModule } = (await import('libpg-query/wasm/libpg-query.js')) as Factory
  const module = await createModule()
  return (text) => {
    const bytes = module.lengthBytesUTF8(text) + 1
    const address = module._malloc(bytes)
    module.stringToUTF8(text, address, bytes)
    const result = module._wasm_parse_query_raw(address)
    const error = module.getValue(result + 8, 'i32')
    const json = module.UTF8ToString(module.getValue(result, 'i32'))
    const message = error === 0 ? '' : module.UTF8ToString(module.getValue(error, 'i32'))
    const cursor = error === 0 ? 0 : module.getValue(error + 16, 'i32')
    module._wasm_free_parse_result(result)
    module._free(address)
    if (error === 0) return JSON.parse(json) as ParseResult
    throw new SqlError(message, { message, cursorPosition: Math.max(0, cursor - 1) })
  }
}
