import type { EvaluatedQuestion } from './evaluate.ts'

/** What an evaluation came to. Shares are from 0 to 1. */
export interface EvaluationReport extends EvaluationCounts {
  readonly byDatabase: Readonly<Record<string, EvaluationCounts>>
  readonly tokens: {
    readonly input: number
    readonly output: number
    /** Both, for each question. */
    readonly perQuestion: number
  }
  /** Of a question from asking to answer, in milliseconds. */
  readonly latencyMs: { readonly p50: number; readonly p95: number; readonly max: number }
  /** Questions none of whose accepted queries ran; they count nowhere else. */
  readonly unscored: readonly string[]
}

/** How many questions ended how. */
export interface EvaluationCounts {
  /** Questions that count. */
  readonly questions: number
  readonly right: number
  readonly wrong: number
  readonly asked: number
  readonly refused: number
  readonly failed: number
  /** Execution accuracy: the right ones among the questions that the data can answer. */
  readonly accuracy: number
  /** The right ones among those that were answered. */
  readonly precision: number
  /** Questions that the data cannot answer, and how many of them were answered all the same. */
  readonly unanswerable: { readonly questions: number; readonly answered: number }
}

/** Counts results. */
export function reportOf(results: readonly EvaluatedQuestion[]): EvaluationReport {
  const scored = results.filter(({ outcome }) => outcome !== 'unscored')
  const databases = [...new Set(scored.map(({ db }) => db))].toSorted()
  const times = scored.map(({ durationMs }) => durationMs).toSorted((a, b) => a - b)
  const at = (share: number): number => times[Math.ceil(times.length * share) - 1] ?? 0
  const input = scored.reduce((sum, { inputTokens }) => sum + inputTokens, 0)
  const output = scored.reduce((sum, { outputTokens }) => sum + outputTokens, 0)
  return {
    ...countsOf(scored),
    byDatabase: Object.fromEntries(
      databases.map((name) => [name, countsOf(scored.filter(({ db }) => db === name))]),
    ),
    tokens: {
      input,
      output,
      perQuestion: scored.length === 0 ? 0 : Math.round((input + output) / scored.length),
    },
    latencyMs: { p50: at(0.5), p95: at(0.95), max: at(1) },
    unscored: results.filter(({ outcome }) => outcome === 'unscored').map(({ id }) => id),
  }
}

function countsOf(results: readonly EvaluatedQuestion[]): EvaluationCounts {
  const count = (outcome: EvaluatedQuestion['outcome']): number =>
    results.filter((one) => one.outcome === outcome).length
  const [right, wrong] = [count('right'), count('wrong')]
  const unanswerable = results.filter(({ isAnswerable }) => !isAnswerable)
  const answerable = results.length - unanswerable.length
  return {
    questions: results.length,
    right,
    wrong,
    asked: count('asked'),
    refused: count('refused'),
    failed: count('failed'),
    accuracy: answerable === 0 ? 0 : right / answerable,
    precision: right + wrong === 0 ? 0 : right / (right + wrong),
    unanswerable: {
      questions: unanswerable.length,
      answered: unanswerable.filter(({ outcome }) => outcome === 'wrong').length,
    },
  }
}

/** Writes a report for people, a figure a line. */
export function describeReport(report: EvaluationReport): string {
  const { questions, right, wrong, asked, refused, failed, tokens, latencyMs } = report
  const { accuracy, precision, unanswerable, unscored } = report
  const percent = (share: number): string => `${(share * 100).toFixed(1)} %`
  const lines: readonly (readonly [string, string])[] = [
    ['questions', String(questions)],
    ['execution accuracy', `${percent(accuracy)} (${right} right)`],
    ['right when answered', `${percent(precision)} (${wrong} wrong)`],
    ['asked back', String(asked)],
    ['refused', String(refused)],
    ['failed', String(failed)],
    ...(unanswerable.questions === 0
      ? []
      : [
          [
            'cannot be answered',
            `${unanswerable.questions}, answered all the same ${unanswerable.answered}`,
          ] as const,
        ]),
    ...(unscored.length === 0
      ? []
      : [['not scored', `${unscored.length}: no accepted query ran`] as const]),
    ['tokens', `${tokens.input} in, ${tokens.output} out, ${tokens.perQuestion} a question`],
    ['latency', `p50 ${latencyMs.p50} ms, p95 ${latencyMs.p95} ms, at most ${latencyMs.max} ms`],
  ]
  return lines.map(([name, value]) => `${name.padEnd(20)} ${value}\n`).join('')
}
