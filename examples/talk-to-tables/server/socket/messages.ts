import { z } from 'zod'
import { chatRequest } from '../chat/chat-body.ts'

const id = z.string().regex(/^[\w-]{1,64}$/)

/** What a client sends. `id` is the client's own name for a question. */
export const clientMessage = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('ask'), id, ...chatRequest.shape }),
  z.strictObject({ type: z.literal('cancel'), id }),
  z.strictObject({ type: z.literal('resume'), id, after: z.number().int().min(0).default(0) }),
])
export type ClientMessage = z.infer<typeof clientMessage>

/** What the server tells of a question; numbered, so that a client can go on where it was cut off. */
export interface ServerMessage {
  readonly type: 'step' | 'answer' | 'error'
  readonly id: string
  /** From 1 up for each question. */
  readonly sequence: number
  readonly data: object
}
