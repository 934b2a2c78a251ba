import { upgradeWebSocket } from '@hono/node-server'
import type { OpenAPIHono } from '@hono/zod-openapi'
import type { WSContext } from 'hono/ws'
import type { Application } from '../application.ts'
import { invalidStructure, problemOf } from '../http/problem.ts'
import type { Server } from '../http/server.ts'
import { clientMessage } from '../socket/messages.ts'
import { createQuestions, type Tell } from '../socket/questions.ts'

const maxMessageBytes = 65_536
/** A person types; a program that sends more than this in ten seconds floods. */
const maxMessages = 100
const windowMs = 10_000
const lingerMs = 30_000
const maxRunning = 8

/** The conversation over a WebSocket: questions, their steps and answers, cancelling, resuming. */
export function socketRoutes(app: OpenAPIHono<Server>, application: Application): void {
  const questions = createQuestions({ application, lingerMs, maxRunning })
  app.get(
    '/ws/chat',
    upgradeWebSocket((c) => {
      const caller = (c.var as Server['Variables']).caller
      let tell: Tell | undefined
      let [arrived, since] = [0, 0]
      const isFlood = (): boolean => {
        const now = Date.now()
        if (now - since > windowMs) [arrived, since] = [0, now]
        arrived += 1
        return arrived > maxMessages
      }
      return {
        onOpen(_, socket) {
          tell = (message) => socket.send(JSON.stringify(message))
        },
        onMessage({ data }, socket) {
          if (tell === undefined) return
          if (isFlood()) return socket.close(1008, 'Too many messages.')
          if (typeof data !== 'string' || Buffer.byteLength(data) > maxMessageBytes)
            return socket.close(1009, 'A message is text of at most 64 KiB.')
          try {
            const message = read(data)
            if (message.type === 'ask') questions.ask(caller, message, tell)
            else if (message.type === 'resume') questions.resume(caller, message, tell)
            else questions.cancel(caller, message.id)
          } catch (error) {
            sayProblem(socket, error, idIn(data))
          }
        },
        onClose() {
          if (tell !== undefined) questions.leave(tell)
        },
      }
    }),
  )
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

function sayProblem(socket: WSContext, error: unknown, id: string | null): void {
  const { code, message, fields } = problemOf(error)
  socket.send(JSON.stringify({ type: 'error', id, sequence: 0, data: { code, message, fields } }))
}
