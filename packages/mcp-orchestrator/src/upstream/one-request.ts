import type { RequestOptions } from './connection.ts'

const mark = Symbol('t2t.ofOneRequest')

/** Options of a request whose signal is given to it alone, so that whoever listens to it may go on to. */
export interface OneRequestOptions extends RequestOptions {
  readonly [mark]: true
}

/** Says that the signal of a request ends that request and nothing after it. */
export function ofOneRequest(options: RequestOptions): OneRequestOptions {
  return { ...options, [mark]: true }
}

/** Whether the signal was made for one request. */
export function isOfOneRequest(options: RequestOptions | undefined): boolean {
  return options !== undefined && mark in options
}
