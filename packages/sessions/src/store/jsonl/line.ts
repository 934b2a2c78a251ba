import type { Message } from '../../message/message.ts'
import type { Session } from '../../session/session.ts'
import type { ToolExecution } from '../../tool-execution/tool-execution.ts'

/** The first line of a session's file. */
export type HeaderLine = { readonly type: 'session'; readonly version: 1 } & Omit<
  Session,
  'updatedAt'
>

/** A line that was added to a session. */
export type EntryLine =
  | ({ readonly type: 'message' } & Message)
  | ({ readonly type: 'tool-execution' } & ToolExecution)
  | { readonly type: 'cleared'; readonly sequence: number; readonly createdAt: string }

/** Any line of a session's file. */
export type SessionLine = HeaderLine | EntryLine

const types: readonly string[] = ['session', 'message', 'tool-execution', 'cleared']

/** Reads a line; absent when it is none that this package wrote. */
export function parseLine(text: string): SessionLine | undefined {
  try {
    const line: SessionLine | null = JSON.parse(text)
    return line !== null && types.includes(line.type) ? line : undefined
  } catch {
    return undefined
  }
}

/** Writes a line; JSON leaves no newline within. */
export function formatLine(line: SessionLine): string {
  return `${JSON.stringify(line)}\n`
}

/** Takes the kind of line away again. */
export function withoutType<Entry extends { readonly type: string }>(
  line: Entry,
): Omit<Entry, 'type'> {
  const { type: _, ...rest } = line
  return rest
}
