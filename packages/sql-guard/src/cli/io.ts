/** What the command needs of the world around it. */
export interface CommandIo {
  readonly readFile: (path: string) => Promise<string>
  /** The standard input, in pieces as they come. */
  readonly readInput: () => AsyncIterable<string>
  readonly write: (text: string) => void
  readonly writeError: (text: string) => void
}

/** 0 when all is well, 1 when something was found, 2 when the call is wrong. */
export type ExitCode = 0 | 1 | 2

/** A call that cannot work; the message says what would. */
export class CallError extends Error {
  override readonly name = 'CallError'
}

/** A text of anybody on one line; nothing in it may steer a terminal or end a comment. */
export function oneLine(sql: string): string {
  return sql.replaceAll(/[\r\n\t\u2028\u2029]/g, ' ').replaceAll(/[\p{Cc}\p{Cf}]/gu, '\ufffd')
}
