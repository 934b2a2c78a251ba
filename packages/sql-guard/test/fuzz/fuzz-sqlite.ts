import { DatabaseSync } from 'node:sqlite'
import { createSqlGuard, type Policy, type SqlGuard } from '@t2t/sql-guard'
import { sqlite } from '@t2t/sql-guard/sqlite'
import { honestTwins } from '../attacks/attack.ts'
import { constants, places } from '../attacks/sqlite/reading.ts'
import { sqliteAttacks } from '../attacks/sqlite/sqlite.attacks.ts'
import {
  maskPolicy,
  otherRows,
  otherWorld,
  rowPolicy,
  worldCatalog,
  worldPolicy,
  worldSchema,
} from '../attacks/world.ts'
import { createRandom, mutate, tokensOf } from './mutate.ts'

/** What came of a run. */
export interface FuzzResult {
  readonly mutations: number
  /** Texts that a guard let through. */
  readonly allowed: number
  /** Of these, texts that the engine ran. */
  readonly ran: number
  /** Texts whose answer depends on what the policy hides, or that changed something. */
  readonly broken: readonly {
    readonly policy: string
    readonly sql: string
    readonly why: string
  }[]
}

function open(world: string): DatabaseSync {
  const database = new DatabaseSync(':memory:')
  database.exec(worldSchema(''))
  database.exec(world)
  return database
}

/** Gives mutated texts to guards, and lets the engine judge what they let through. */
export async function fuzzSqlite(seed: number, mutations: number): Promise<FuzzResult> {
  const random = createRandom(seed)
  const corpus = [
    ...sqliteAttacks.filter(({ proof }) => proof === 'leaks').map(({ sql }) => sql),
    ...honestTwins(places, constants),
  ].map(tokensOf)
  const one = open('')
  const before = stateOf(one)
  const trials = await Promise.all([
    trial(worldPolicy, open(otherWorld)),
    trial(maskPolicy, open(otherWorld)),
    trial(rowPolicy, open(otherRows)),
  ])

  let [allowed, ran] = [0, 0]
  const broken: { policy: string; sql: string; why: string }[] = []
  for (let count = 0; count < mutations; count++) {
    const sql = mutate(corpus, random)
    for (const { guard, other } of trials) {
      const verdict = guard.check(sql)
      if (verdict.kind === 'refused') continue
      allowed++
      const [mine, others] = [answer(one, verdict.sql), answer(other, verdict.sql)]
      if (mine !== undefined) ran++
      if (mine !== others) broken.push({ policy: guard.policy.name, sql, why: 'leak' })
    }
    if (count % 1000 === 999 && stateOf(one) !== before) {
      broken.push({ policy: 'any', sql, why: 'change' })
      break
    }
  }
  return { mutations, allowed, ran, broken }
}

async function trial(
  policy: Policy,
  other: DatabaseSync,
): Promise<{ readonly guard: SqlGuard; readonly other: DatabaseSync }> {
  const catalog = worldCatalog('sqlite', 'main')
  const attributes = { customer: 1 }
  return { guard: await createSqlGuard({ dialect: sqlite(), policy, catalog, attributes }), other }
}

/** The rows, or nothing when the engine does not run the text. */
function answer(database: DatabaseSync, sql: string): string | undefined {
  // Random numbers and the time differ from one call to the next, and SQLite cannot be stopped here
  // when a recursion has no end.
  if (/random|now|current_|julianday|unixepoch|\bwith\b[^]*\bunion\b/i.test(sql)) return ''
  try {
    const statement = database.prepare(sql)
    statement.setReturnArrays(true)
    return JSON.stringify(statement.all(), (_, value) =>
      typeof value === 'bigint' ? String(value) : value,
    )
  } catch {
    return undefined
  }
}

function stateOf(database: DatabaseSync): string {
  const tables = ['customers', 'orders', 'secrets', 'sqlite_master']
  return JSON.stringify(tables.map((name) => database.prepare(`SELECT * FROM ${name}`).all()))
}
