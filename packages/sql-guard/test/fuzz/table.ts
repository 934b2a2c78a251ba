import type { Progress } from './supervise.ts'

/** The results of a run as a table, with what was found below it. */
export function tableOf(results: readonly Progress[]): string {
  const lines = [
    '| Engine | Mutations | Allowed | Ran | Stopped | By the planner | Found |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...results.map(
      ({ engine, counts, found }) =>
        `| ${engine} | ${counts.mutations} | ${counts.allowed} | ${counts.ran} | ${counts.stopped} | ${counts.planned} | ${found.length} |`,
    ),
    '',
  ]
  for (const { engine, found } of results) {
    for (const { policy, why, shortest, rewritten, answers } of found.slice(0, 40)) {
      lines.push(
        `${engine}, ${policy}: ${why}`,
        `  ${shortest}`,
        `  became: ${rewritten.replaceAll('\n', ' ')}`,
        ...answers.map((answer) => `  gave: ${answer.slice(0, 200)}`),
      )
    }
  }
  return `${lines.join('\n')}\n`
}
