import { createSqlGuard } from '../guard/create-guard.ts'
import { CallError, type CommandIo, type ExitCode } from './io.ts'
import { embeddedEngines } from './fuzz/engine.ts'
import { fuzzTexts } from './fuzz/texts.ts'
import { openWorlds } from './fuzz/worlds.ts'
import type { Options } from './options.ts'
import { needCatalog, readCatalog, readDialect, readPolicy } from './read.ts'

/** Leaks that are printed; the rest is counted. */
const maxShown = 10

/**
 * Tries to get at what a policy hides: two embedded databases differ in hidden values only, so that a
 * text that the guard allows and that they answer differently tells something it must not.
 */
export async function fuzz(options: Options, _file: string, io: CommandIo): Promise<ExitCode> {
  const catalog = needCatalog(await readCatalog(options.catalog, io))
  const engine = embeddedEngines[catalog.dialect]
  if (engine === undefined) {
    throw new CallError(
      `fuzz runs on an embedded SQLite or PostgreSQL, but the catalog describes ${catalog.dialect}.`,
    )
  }
  const dialect = await readDialect(catalog.dialect, catalog)
  const policy = await readPolicy(options.policy, io)
  const { attributes, seed } = options
  const guard = await createSqlGuard({ dialect, policy, catalog, attributes, maxCachedTexts: 0 })
  const worlds = await openWorlds({ dialect, policy, catalog, attributes, engine })
  if (worlds.hidden.length === 0) {
    io.writeError('The policy hides nothing of this catalog; there is nothing to get at.\n')
  }

  const counts = { texts: 0, allowed: 0, ran: 0, leaks: 0 }
  for (const sql of fuzzTexts(catalog, worlds.hidden, engine, seed, options.texts)) {
    counts.texts += 1
    const verdict = guard.check(sql)
    if (verdict.kind === 'refused') continue
    counts.allowed += 1
    const one = await worlds.one.answer(verdict.sql)
    const other = await worlds.other.answer(verdict.sql)
    const [isNone, isNoOther] = [one === undefined, other === undefined]
    if (engine.failsByPlan ? isNone || isNoOther : isNone && isNoOther) continue
    counts.ran += 1
    if (one === other) continue
    counts.leaks += 1
    if (counts.leaks > maxShown) continue
    const found = { text: sql, sent: verdict.sql }
    io.write(
      options.json
        ? `${JSON.stringify(found)}\n`
        : `LEAK ${found.text}\n  sent as ${found.sent.replaceAll('\n', ' ')}\n`,
    )
  }
  await worlds.one.close()
  await worlds.other.close()
  io.write(
    options.json
      ? `${JSON.stringify({ ...counts, hidden: worlds.hidden, seed })}\n`
      : `${counts.texts} texts on ${worlds.hidden.length} hidden things: ${counts.allowed} allowed, ${counts.ran} ran, ${counts.leaks} told something hidden\n`,
  )
  return counts.leaks === 0 ? 0 : 1
}
