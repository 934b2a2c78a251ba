import type { Caller } from '../access/caller.ts'
import type { Application } from '../application.ts'
import { prepareChat } from '../chat/answer-chat.ts'
import { HttpProblem, problemOf } from '../http/problem.ts'
import type { ClientMessage, ServerMessage } from './messages.ts'

/** Questions that were asked over sockets, which outlive the sockets for a moment. */
export interface Questions {
  /** @throws {@link HttpProblem} when the name is taken, or too many are being answered. */
  ask(caller: Caller, message: Extract<ClientMessage, { type: 'ask' }>, tell: Tell): void
  /** Tells again what came after a number, and goes on. @throws {@link HttpProblem} for none. */
  resume(caller: Caller, message: Extract<ClientMessage, { type: 'resume' }>, tell: Tell): void
  cancel(caller: Caller, id: string): void
  /** Nobody listens on a socket any more; what was asked there ends, unless it is resumed soon. */
  leave(tell: Tell): void
}

/** Sends a message to a socket. */
export type Tell = (message: ServerMessage) => void

interface Question {
  readonly owner: string
  readonly messages: ServerMessage[]
  readonly ending: AbortController
  tell: Tell | undefined
  isDone: boolean
  timer?: NodeJS.Timeout | undefined
}

export interface QuestionsOptions {
  readonly application: Application
  /** How long a question lives without a socket, in milliseconds. */
  readonly lingerMs: number
  /** Questions of one caller at once. */
  readonly maxRunning: number
}

/** Answers of one caller that can be resumed; the oldest are forgotten. */
const maxKept = 16

export function createQuestions({
  application,
  lingerMs,
  maxRunning,
}: QuestionsOptions): Questions {
  const all = new Map<string, Question>()
  const keyOf = ({ id }: Caller, name: string): string => JSON.stringify([id, name])

  const linger = (key: string, question: Question): void => {
    clearTimeout(question.timer)
    question.timer = setTimeout(() => {
      question.ending.abort(new Error('The client left.'))
      all.delete(key)
    }, lingerMs)
    question.timer.unref()
  }

  const forgetOldest = (owner: string): void => {
    const ended = [...all].filter(([, each]) => each.owner === owner && each.isDone)
    for (const [key, { timer }] of ended.slice(0, Math.max(0, ended.length - maxKept + 1))) {
      clearTimeout(timer)
      all.delete(key)
    }
  }

  return {
    ask(caller, { id, ...message }, tell) {
      const key = keyOf(caller, id)
      if (all.has(key))
        throw new HttpProblem(409, 'id-taken', 'There is a question of that id already.')
      const owned = [...all.values()].filter(({ owner, isDone }) => owner === caller.id && !isDone)
      if (owned.length >= maxRunning)
        throw new HttpProblem(
          429,
          'too-many-questions',
          `At most ${maxRunning} at once.`,
          [],
          1_000,
        )
      forgetOldest(caller.id)
      const question: Question = {
        owner: caller.id,
        messages: [],
        ending: new AbortController(),
        tell,
        isDone: false,
      }
      all.set(key, question)
      const add = (type: ServerMessage['type'], data: object): void => {
        const told = { type, id, sequence: question.messages.length + 1, data }
        question.messages.push(told)
        question.tell?.(told)
      }
      void (async () => {
        try {
          const chat = await prepareChat(application, caller, message, `ws_${id}`)
          const { signal } = question.ending
          const { response } = await chat.answer(signal, (step) => add('step', step))
          add('answer', response)
        } catch (error) {
          const { code, message, fields } = problemOf(error)
          const isCancelled = question.ending.signal.aborted
          add(
            'error',
            isCancelled
              ? { code: 'cancelled', message: 'It was cancelled.' }
              : { code, message, fields },
          )
        }
        question.isDone = true
        linger(key, question)
      })()
    },
    resume(caller, { id, after }, tell) {
      const key = keyOf(caller, id)
      const question = all.get(key)
      if (question === undefined)
        throw new HttpProblem(404, 'question-not-found', 'There is no such question any more.')
      if (!question.isDone) clearTimeout(question.timer)
      question.tell = tell
      for (const message of question.messages.slice(after)) tell(message)
    },
    cancel(caller, id) {
      all.get(keyOf(caller, id))?.ending.abort(new Error('It was cancelled.'))
    },
    leave(tell) {
      for (const [key, question] of all) {
        if (question.tell !== tell) continue
        question.tell = undefined
        if (!question.isDone) linger(key, question)
      }
    },
  }
}
