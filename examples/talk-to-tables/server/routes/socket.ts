import { upgradeWebSocket } from '@hono/node-server'
import type { OpenAPIHono } from '@hono/zod-openapi'
import type { WSContext } from 'hono/ws'
import { WebSocket } from 'ws'
import type { Application } from '../application.ts'
import { invalidStructure, problemOf } from '../http/problem.ts'
import type { Server } from '../http/server.ts'
import { clientMessage } from '../socket/messages.ts'
import { createQuestions, type Tell } from '../socket/questions.ts'
import { createVisitors } from '../socket/visitors.ts'

const maxMessageBytes = 65_536
/** A person types; a program that sends more than this in ten seconds floods. */
const maxMessages = 100
const windowMs = 10_000
const lingerMs = 30_000
const maxRunning = 8
/** Open sockets of one caller. */
const maxSockets = 32
/** What may wait for a client that does not read. */
const maxBufferedBytes = 16_777_216

/** The conversation over a WebSocket: questions, their steps and answers, cancelling, resuming. */
export function socketRoutes(app: OpenAPIHono<Server>, application: Application): void {
  const questions = createQuestions({ application, lingerMs, maxRunning })
  const visitors = createVisitors(maxSockets)
  app.get(
    '/ws/chat',
    upgradeWebSocket((c) => {
      const { id } = (c.var as Server['Variables']).caller
      const credentials = { get: (name: string) => c.req.header(name) }
      let tell: Tell | undefined
      let handling = Promise.resolve()
      const isFlood = createFloodGate()

      const handle = async (data: string, socket: WSContext<unknown>, to: Tell): Promise<void> => {
        try {
          // Again for each message: keys are taken away and tokens end while a socket is open.
          const caller = await application.authenticate(credentials)
          if (caller?.id !== id) return socket.close(1008, 'The credentials do not hold any more.')
          const message = read(data)
          if (message.type === 'ask') questions.ask(caller, message, to)
          else if (message.type === 'resume') questions.resume(caller, message, to)
          else questions.cancel(caller, message.id)
        } catch (error) {
          sayProblem(socket, error, idIn(data))
        }
      }
      return {
        onOpen(_, socket: WSContext<unknown>) {
          if (!visitors.enter(id)) return socket.close(1013, 'Too many sockets.')
          tell = (message) => {
            // Who does not read what was sent is sent no more, and may resume later.
            if (socket.raw instanceof WebSocket && socket.raw.bufferedAmount > maxBufferedBytes)
              socket.raw.terminate()
            else socket.send(JSON.stringify(message))
          }
        },
        onMessage({ data }, socket) {
          const to = tell
          if (to === undefined) return
          if (isFlood()) return socket.close(1008, 'Too many messages.')
          if (typeof data !== 'string' || Buffer.byteLength(data) > maxMessageBytes)
            return socket.close(1009, 'A message is text of at most 64 KiB.')
          handling = handling.then(() => handle(data, socket, to))
        },
        onClose() {
          if (tell === undefined) return
          visitors.leave(id)
          questions.leave(tell)
          tell = undefined
        },
      }
    }),
  )
}

/** Tells whether more messages came in a time than a person can write. */
function createFloodGate(): () => boolean {
  let [arrived, since] = [0, 0]
  return () => {
    const now = Date.now()
    if (now - since > windowMs) [arrived, since] = [0, now]
    arrived += 1
    return arrived > maxMessages
  }
}

function read(text: string): ReturnType<typeof clientMessage.parse> {
  const result = clientMessage.safeParse(jsonOf(text))
  if (!result.success) throw invalidStructure(result.error)
  return result.data
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The id of a message that could not be read otherwise, so that its sender knows which one it was. */
function idIn(text: string): string | null {
  const value = jsonOf(text)
  if (typeof value !== 'object' || value === null || !('id' in value)) return null
  return typeof value.id === 'string' ? value.id.slice(0, 64) : null
}

function sayProblem(socket: WSContext<unknown>, error: unknown, id: string | null): void {
  const { code, message, fields } = problemOf(error)
  socket.send(JSON.stringify({ type: 'error', id, sequence: 0, data: { code, message, fields } }))
}
