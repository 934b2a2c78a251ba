import type { ConfigProblem } from '@t2t/mcp-orchestrator/config'

/** Where a command reads and writes. */
export interface CommandOptions {
  readonly environment: NodeJS.ProcessEnv
  readonly write: (text: string) => void
  readonly complain: (text: string) => void
}

/** Everything that is wrong with a configuration, a line each. */
export function explain(error: unknown): string {
  if (!(error instanceof Error && 'problems' in error && Array.isArray(error.problems)))
    return messageOf(error)
  const lines = error.problems.map((problem: ConfigProblem) => {
    const { path, message, line, column } = problem
    const place = line === undefined ? '' : `line ${line}, column ${column}: `
    return `  ${place}${path}${path === '' ? '' : ' '}${message}`
  })
  return ['The configuration cannot be used:', ...lines].join('\n')
}

/** What an error says. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
