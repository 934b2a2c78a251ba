import { readdirSync } from 'node:fs'
import type { Engine } from '@t2t/database'
import type { SqlGuard } from '@t2t/sql-guard'
import type { Attack } from '../../../sql-guard/test/attacks/attack.ts'
import { atRest } from '../engine/server-behaviour.ts'

/** Aspects of a whole server, by name, each as text; two that are equal show that nothing changed. */
export type Fingerprint = Readonly<Record<string, string>>

/** A server with the tables that the attacks aim at, and engines on it. */
export interface World {
  readonly attacks: readonly Attack[]
  /** An engine whose role may read what the policy shows, and no more; absent without roles. */
  readonly reader: Engine | undefined
  /** An engine whose role may do everything. */
  readonly superuser: Engine
  /** The guard that stands before the engines otherwise. */
  readonly guard: Pick<SqlGuard, 'check'>
  /** Looks at the server past the engine, and at what the sessions of the engine keep. */
  fingerprint(engine: Engine): Promise<Fingerprint>
  close(): Promise<void>
}

/** What a run of attacks has shown. */
export interface Aftermath {
  /** Texts that changed something, and which aspects. */
  readonly changed: readonly { readonly sql: string; readonly aspects: readonly string[] }[]
  /** Texts that gave a value that the policy hides. */
  readonly leaking: readonly string[]
  /** Texts that gave rows. */
  readonly gave: readonly Attack[]
}

const calm = new AbortController().signal
const caps = { maxRows: 50, maxBytes: 100_000, timeoutMs: 150 }

/** Runs attacks through an engine without a guard, and looks at the server after some `together`. */
export async function aftermathOf(
  world: World,
  engine: Engine,
  { attacks, together }: { readonly attacks: readonly Attack[]; readonly together: number },
): Promise<Aftermath> {
  const changed: { readonly sql: string; readonly aspects: readonly string[] }[] = []
  const leaking: string[] = []
  const gave: Attack[] = []
  await atRest(engine)
  let before = await world.fingerprint(engine)

  for (const [place, attack] of attacks.entries()) {
    const { sql } = attack
    const shown = await engine.read(sql, caps, calm).then(
      ({ rows }) => JSON.stringify(rows),
      () => undefined,
    )
    if (shown !== undefined) gave.push(attack)
    if (isHidden(shown, sql)) leaking.push(sql)
    if ((place + 1) % together !== 0 && place !== attacks.length - 1) continue
    await atRest(engine)
    const after = await world.fingerprint(engine)
    const aspects = Object.keys(after).filter((aspect) => after[aspect] !== before[aspect])
    if (aspects.length > 0) changed.push({ sql, aspects })
    before = after
  }
  return { changed, leaking, gave }
}

/** Attacks that do more than read tables. */
export function actingAttacks({ attacks }: World): readonly Attack[] {
  return attacks.filter(({ proof }) => proof !== 'leaks')
}

/** Tables that hold the same values, and that the policy of the role shows. */
const shownTables = /\b(?:managers|chiefs|staff|visits_?\d*|reports|all_reports|wege)\b/i

/** Whether rows hold a hidden value; a text that spells the value itself has not read it. */
function isHidden(shown: string | undefined, sql: string): boolean {
  const holds = /@canary|"canary"/.test(shown ?? '')
  return holds && !sql.includes('canary') && !shownTables.test(sql)
}

/** Names of the files in a folder and below, without those that come and go by themselves. */
export function filesIn(folder: string, passing: RegExp): string {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return names
    .filter((name) => !passing.test(name))
    .toSorted()
    .join('\n')
}

/** Files that the attacks would write outside the folder of the server. */
export function strayFiles(): string {
  return readdirSync('/tmp')
    .filter((name) => /never|t2t-moons|t2t-attack/.test(name))
    .join('\n')
}
