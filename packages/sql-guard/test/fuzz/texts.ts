import { honestTwins, type Attack, type Place } from '../attacks/attack.ts'
import { clickhouseAttacks } from '../attacks/clickhouse/clickhouse.attacks.ts'
import * as clickhouse from '../attacks/clickhouse/reading.ts'
import { mariadbAttacks } from '../attacks/mariadb/mariadb.attacks.ts'
import * as mariadb from '../attacks/mariadb/reading.ts'
import { postgresAttacks } from '../attacks/postgres/postgres.attacks.ts'
import * as postgres from '../attacks/postgres/reading.ts'
import * as sqlite from '../attacks/sqlite/reading.ts'
import { sqliteAttacks } from '../attacks/sqlite/sqlite.attacks.ts'
import type { Flavour } from './grammar/names.ts'
import { statement } from './grammar/queries.ts'
import { disguise, mutate, tokensOf } from './mutate.ts'
import { pick, randomOf } from './random.ts'

/** Makes the texts of a run; each depends on the seed and its number alone. */
export type TextOf = (index: number) => string

/** Statements of the grammar that mutations splice from. */
const spliced = 400

/** Texts for an engine: mutated attacks, statements of a grammar, and splices of both. */
export function textsFor(flavour: Flavour, seed: number): TextOf {
  const catalogue = catalogues[flavour]().map(tokensOf)
  const grammar = Array.from({ length: spliced }, (_, index) =>
    tokensOf(statement(randomOf(seed, -1 - index), flavour, index % 4 === 0 ? 0.1 : 0)),
  )
  const both = [...catalogue, ...grammar]
  return (index) => {
    const random = randomOf(seed, index)
    const chosen = random()
    const boldness = pick(random, [0, 0, 0.02, 0.06, 0.15])
    const text =
      chosen < 0.25
        ? mutate(catalogue, random)
        : chosen < 0.4
          ? mutate(both, random)
          : chosen < 0.75
            ? statement(random, flavour, boldness)
            : mutate(
                [tokensOf(statement(random, flavour, boldness)), ...grammar.slice(0, 9)],
                random,
              )
    return random() < 0.15 ? disguise(text, random) : text
  }
}

const catalogues: Readonly<Record<Flavour, () => readonly string[]>> = {
  postgres: () => corpusOf(postgresAttacks, postgres.places, postgres.constants),
  sqlite: () => corpusOf(sqliteAttacks, sqlite.places, sqlite.constants),
  mariadb: () => corpusOf(mariadbAttacks, mariadb.places, mariadb.constants),
  clickhouse: () => corpusOf(clickhouseAttacks, clickhouse.places, clickhouse.constants),
}

function corpusOf(
  list: readonly Attack[],
  places: readonly Place[],
  constants: readonly Place[],
): readonly string[] {
  const leaks = list.filter(({ proof }) => proof === 'leaks').map(({ sql }) => sql)
  return [...leaks, ...honestTwins(places, constants)]
}
