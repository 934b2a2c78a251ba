import { createHash } from 'node:crypto'
import type { Answer } from '@t2t/llm-sql'
import { currentCorrelation } from '@t2t/metrics'
import type { Caller } from './access/caller.ts'
import type { Limits, LimitReached } from './access/limits.ts'
import type { Answered, Application, Execution, QuestionOptions } from './application.ts'
import type { AuditLog } from './audit/audit-log.ts'
import type { AuditEntry } from './audit/record.ts'
import { HttpProblem } from './http/problem.ts'
import type { Workspace } from './workspace/workspace.ts'
import type { Workspaces } from './workspace/workspaces.ts'

export interface AnsweringOptions {
  readonly inForce: () => { readonly limits: Limits; readonly workspaces: Workspaces }
  readonly audit: AuditLog | undefined
}

const keptExecutions = 500

/** Answers questions within limits; writes down that they were asked and what became of them. */
export function createAnswering({ inForce, audit }: AnsweringOptions): Pick<
  Application,
  'answer' | 'executions' | 'mcp'
> & {
  /** Takes the questions of a caller out of the list. */
  readonly forget: (caller: string) => void
} {
  let executions: Execution[] = []

  const remember = (
    { id: caller, role }: Caller,
    { answer, database }: Answered,
    durationMs: number,
  ): void => {
    const time = new Date().toISOString()
    const codes = codesOf(answer)
    executions.unshift({ time, caller, role, database, outcome: answer.kind, codes, durationMs })
    executions.length = Math.min(executions.length, keptExecutions)
  }

  return {
    executions: () => executions,
    forget(caller) {
      executions = executions.filter((each) => each.caller !== caller)
    },
    async mcp(caller, request, method) {
      // Those in force at that moment: a reload may have closed the ones of a moment ago.
      const serve = () => inForce().workspaces.use(caller, (workspace) => workspace.mcp(request))
      if (method !== 'tools/call') return serve()
      const admitted = await inForce().limits.admit(caller)
      const outcome = 'what' in admitted ? `limit-${admitted.what}` : 'admitted'
      const { id, role } = caller
      const correlation = currentCorrelation()?.id
      await audit?.append({ caller: id, role, action: 'mcp-call', outcome, correlation })
      if ('what' in admitted) throw limitProblem(admitted)
      try {
        return await serve()
      } finally {
        await admitted.done(0)
      }
    },
    async answer(caller, question, options = {}) {
      const admitted = await inForce().limits.admit(caller)
      if ('what' in admitted) {
        await audit?.append(entryOf(caller, question, { outcome: `limit-${admitted.what}` }))
        throw limitProblem(admitted)
      }
      let tokens = 0
      const start = performance.now()
      try {
        const answered = await inForce().workspaces.use(caller, (workspace) =>
          askIn(workspace, question, options, (used) => (tokens += used)),
        )
        remember(caller, answered, Math.round(performance.now() - start))
        await audit?.append(entryOf(caller, question, { outcome: answered.answer.kind }, answered))
        return answered
      } catch (error) {
        const outcome = options.signal?.aborted === true ? 'aborted' : 'failed'
        await audit?.append(entryOf(caller, question, { outcome }))
        throw error
      } finally {
        await admitted.done(tokens)
      }
    },
  }
}

function codesOf(answer: Answer): readonly string[] {
  if (answer.kind === 'refused') return answer.findings.map(({ code }) => code)
  return answer.kind === 'failed' ? [answer.code] : []
}

async function askIn(
  workspace: Workspace,
  question: string,
  { onEvent, ...options }: QuestionOptions,
  onTokens: (tokens: number) => void,
): Promise<Answered> {
  const { run, mode, database } = await workspace.start(question, options)
  let [inputTokens, outputTokens] = [0, 0]
  for await (const event of run) {
    if (event.type === 'model-called') {
      inputTokens += event.inputTokens ?? 0
      outputTokens += event.outputTokens ?? 0
      onTokens((event.inputTokens ?? 0) + (event.outputTokens ?? 0))
    }
    onEvent?.(event)
  }
  return { answer: await run.answer, mode, database, usage: { inputTokens, outputTokens } }
}

/** Hashes, so that it can be shown what was asked without telling it. */
function entryOf(
  { id, role }: Caller,
  question: string,
  { outcome }: { readonly outcome: string },
  answered?: Answered,
): AuditEntry {
  const answer = answered?.answer
  const sql = answer !== undefined && 'sql' in answer ? answer.sql : undefined
  return {
    caller: id,
    role,
    action: 'question',
    outcome,
    correlation: currentCorrelation()?.id,
    details: {
      question: hash(question),
      ...(answered !== undefined && { database: answered.database, mode: answered.mode }),
      ...(sql !== undefined && { sql: hash(sql) }),
      ...(answer?.kind === 'answered' && { rows: answer.rows.length }),
      ...(answer !== undefined && { codes: codesOf(answer).join(' ') }),
    },
  }
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

const usedUp: Readonly<Record<LimitReached['what'], string>> = {
  questions: 'You have asked as many questions as you may for now.',
  tokens: 'You have used the tokens that you may use for now.',
  concurrent: 'You are asking as many questions at once as you may.',
}

function limitProblem({ what, retryAfterMs }: LimitReached): HttpProblem {
  return new HttpProblem(429, 'limit-reached', usedUp[what], [], retryAfterMs)
}
