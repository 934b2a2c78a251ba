import type { SqlGuard } from '@t2t/sql-guard'
import type { Attack } from '../../test/attacks/attack.ts'
import type { Corpus } from './corpus.ts'
import { vectors } from './vectors.ts'

/** The page on the corpus: what the guards make of it, counted anew. */
export function corpusPage(corpora: readonly Corpus[]): string {
  return `# The attack corpus

Made by \`node --conditions=@t2t/source scripts/security-report.ts\`, which runs every case on its engine first; do not edit.

Each case is first run on the engine without the guard, and must bite there: its answer changes with data that the policy
hides (_leaks_), it runs although it is no read (_acts_), or the engine plans it where running it would harm the engine of
the test (_plans_). Then the guards decide about it. The honest statements are the same places with conditions on what may
be read. ClickHouse has a catalogue of its own in \`test/attacks/clickhouse\`, which its tests prove.

${summary(corpora)}

## By vector

Cases of each vector by engine, all of them proved to bite and refused with a catalog. The numbers are those of the
threat model; a vector without cases is met elsewhere.

${byVector(corpora)}
`
}

function summary(corpora: readonly Corpus[]): string {
  const lines = corpora.map(({ engine, attacks, twins, guards }) => {
    const count = (proof: Attack['proof']): number =>
      attacks.filter((attack) => attack.proof === proof).length
    const plain = attacks.filter(({ needsCatalog }) => !needsCatalog)
    return [
      engine,
      attacks.length,
      count('leaks'),
      count('runs'),
      count('plans'),
      through(guards.catalog, attacks),
      `${through(guards.blind, plain)} of ${plain.length}`,
      through(guards.portable, attacks),
      `${twins.length - allowed(guards.catalog, twins)} of ${twins.length}`,
      `${twins.length - allowed(guards.portable, twins)} of ${twins.length}`,
    ].join(' | ')
  })
  return [
    '| Engine | Cases | Leaks | Acts | Plans | Through | Through without a catalog | Through the portable dialect | Honest ones refused | By the portable dialect |',
    '| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |',
    ...lines.map((line) => `| ${line} |`),
  ].join('\n')
}

function through(guard: SqlGuard, attacks: readonly Attack[]): number {
  return allowed(
    guard,
    attacks.map(({ sql }) => sql),
  )
}

function allowed(guard: SqlGuard, texts: readonly string[]): number {
  return texts.filter((sql) => guard.check(sql).kind === 'allowed').length
}

function byVector(corpora: readonly Corpus[]): string {
  const rows = [...vectors].map(([number, { title, metBy }]) => {
    const counts = corpora.map(
      ({ attacks }) => attacks.filter(({ vector }) => vector === number).length,
    )
    return [number, title, ...counts, metBy === 'guard' ? 'the guard' : metBy]
  })
  return [
    `| # | Vector | ${corpora.map(({ engine }) => engine).join(' | ')} | Met by |`,
    `| --- | --- | ${corpora.map(() => '---').join(' | ')} | --- |`,
    ...rows.map((row) => `| ${row.join(' | ')} |`),
  ].join('\n')
}
