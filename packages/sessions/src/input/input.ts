import { InputInvalidError } from '../errors/errors.ts'
import type { MessageRole, NewMessage } from '../message/message.ts'
import type { NewSession, SessionKey } from '../session/session.ts'
import type { NewToolExecution } from '../tool-execution/tool-execution.ts'

const maxNameLength = 200
const maxTextLength = 1_000_000
const maxPage = 500
const roles: readonly MessageRole[] = ['user', 'assistant', 'system']

/** Gives a session as it can be stored. */
export function checkSession(session: NewSession): NewSession {
  const { owner, title } = session
  return {
    owner: checkName('owner', owner),
    title: title === undefined ? undefined : checkText('title', title, maxNameLength),
  }
}

export function checkKey(key: SessionKey): SessionKey {
  return { owner: checkName('owner', key.owner), id: checkName('id', key.id) }
}

export function checkMessage(message: NewMessage): NewMessage {
  if (!roles.includes(message.role)) {
    throw new InputInvalidError('role', `role must be one of ${roles.join(', ')}.`)
  }
  return { role: message.role, content: checkText('content', message.content) }
}

export function checkToolExecution(execution: NewToolExecution): NewToolExecution {
  const { durationMs, succeeded } = execution
  if (!Number.isFinite(durationMs) || durationMs < 0) {
    throw new InputInvalidError('durationMs', `durationMs must be from 0 up, got ${durationMs}.`)
  }
  if (typeof succeeded !== 'boolean') {
    throw new InputInvalidError('succeeded', 'succeeded must be true or false.')
  }
  return {
    tool: checkName('tool', execution.tool),
    arguments: checkArguments(execution.arguments),
    result: checkText('result', execution.result),
    succeeded,
    durationMs,
  }
}

export function checkLimit(limit: number): number {
  if (!Number.isInteger(limit) || limit < 1 || limit > maxPage) {
    throw new InputInvalidError(
      'limit',
      `limit must be an integer from 1 to ${maxPage}, got ${limit}.`,
    )
  }
  return limit
}

export function checkSequence(before: number): number {
  if (!Number.isInteger(before) || before < 1) {
    throw new InputInvalidError('before', `before must be an integer from 1 up, got ${before}.`)
  }
  return before
}

/** Gives a moment as stores keep it. */
export function checkMoment(since: Date): string {
  if (Number.isNaN(since.getTime())) {
    throw new InputInvalidError('since', 'since must be a valid date.')
  }
  return since.toISOString()
}

/** Checks an id, an owner or the name of a tool: what equality is asked of, and never changed. */
export function checkName(field: string, value: string): string {
  const isName = typeof value === 'string' && value.length >= 1 && value.length <= maxNameLength
  // Some databases do not see blanks at the end.
  if (!isName || value !== storable(value) || value !== value.trim()) {
    throw new InputInvalidError(
      field,
      `${field} must be a text of 1 to ${maxNameLength} characters, without blanks around it.`,
    )
  }
  return value
}

function checkText(field: string, value: string, maxLength = maxTextLength): string {
  if (typeof value !== 'string' || value.length > maxLength) {
    throw new InputInvalidError(
      field,
      `${field} must be a text of at most ${maxLength} characters.`,
    )
  }
  return storable(value)
}

/** Brings arguments into the form that JSON keeps, whichever store they go to. */
function checkArguments(
  value: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const text = jsonText(value)
  if (text === undefined || !text.startsWith('{') || text.length > maxTextLength) {
    throw new InputInvalidError(
      'arguments',
      `arguments must be an object that JSON can hold in ${maxTextLength} characters.`,
    )
  }
  return JSON.parse(text)
}

function jsonText(value: unknown): string | undefined {
  try {
    return JSON.stringify(value)
  } catch {
    return undefined
  }
}

function storable(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD')
}
