import type { ModelMessage } from '../model/model.ts'
import type { FailedWithTools, MadeCall, ToolAnswerBase, ToolTurn } from './tool-answer.ts'
import { maxOutwardCalls, type Taint } from './taint.ts'

/** What is known while a question is worked on. */
export interface RunState {
  readonly question: string
  readonly messages: ModelMessage[]
  readonly calls: MadeCall[]
  /** Calls that were made, by name and input. */
  readonly made: Set<string>
  readonly taintedBy: Set<string>
  readonly readFrom: Set<string>
  readonly words: readonly string[]
  missing: ToolAnswerBase['missing']
  hops: number
  modelCalls: number
  inputTokens: number
  outputTokens: number
  mayAskAgain: boolean
  outwardCalls: number
}

/** The state at the beginning; what earlier turns read counts as read. */
export function createState(
  question: string,
  messages: readonly ModelMessage[],
  earlier: readonly ToolTurn[],
): RunState {
  return {
    question,
    messages: [...messages],
    calls: [],
    made: new Set(),
    taintedBy: new Set(earlier.flatMap(({ taintedBy }) => taintedBy)),
    readFrom: new Set(earlier.flatMap(({ readFrom }) => readFrom)),
    words: [...earlier.map((turn) => turn.question), question],
    missing: [],
    hops: 0,
    modelCalls: 0,
    inputTokens: 0,
    outputTokens: 0,
    mayAskAgain: true,
    outwardCalls: 0,
  }
}

/** What every answer tells, as of now. */
export function baseOf(state: RunState): ToolAnswerBase {
  const { question, hops, missing, modelCalls, inputTokens, outputTokens } = state
  return {
    question,
    calls: [...state.calls],
    hops,
    taintedBy: [...state.taintedBy],
    readFrom: [...state.readFrom],
    missing,
    usage: { modelCalls, inputTokens, outputTokens },
  }
}

/** The answer when there is none. */
export function failed(
  state: RunState,
  code: FailedWithTools['code'],
  message: string,
): FailedWithTools {
  return { ...baseOf(state), kind: 'failed', code, message }
}

/** What was read up to now: the calls of one reply were written before any of their results. */
export function taintOf(state: RunState): Taint {
  return {
    taintedBy: new Set(state.taintedBy),
    readFrom: new Set(state.readFrom),
    words: state.words,
    takeOutwardCall: () => {
      state.outwardCalls += 1
      return state.outwardCalls <= maxOutwardCalls
    },
  }
}
