import { rm } from 'node:fs/promises'
import { createSqlGuard, definePolicy, type SqlGuard } from '@t2t/sql-guard'
import { clickhouse } from '@t2t/sql-guard/clickhouse'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { honestTwins } from './attack.ts'
import { type Engine, openClickhouse } from './clickhouse/chdb.ts'
import { outfile } from './clickhouse/acting.ts'
import { clickhouseAttacks } from './clickhouse/clickhouse.attacks.ts'
import { constants, places } from './clickhouse/reading.ts'
import { maskPolicy, rowPolicy } from './world.ts'
import {
  changeOfEmail,
  changeOfHiddenRows,
  changesOfOneColumn,
  clickhouseCatalog,
  clickhouseWorld,
  oneWorld,
  otherWorld,
} from './clickhouse/world.ts'

const folder = inject('chdb')
const leaks = clickhouseAttacks.filter(({ proof }) => proof === 'leaks')
const others = clickhouseAttacks.filter(({ proof }) => proof !== 'leaks')

/** Policies that change a text, and what they hide in an answer. */
const hiding = [
  {
    name: 'a masked column',
    options: { policy: maskPolicy },
    hidden: changeOfEmail,
    least: 150,
  },
  {
    name: 'rows behind a filter',
    options: { policy: rowPolicy, attributes: { customer: 1 } },
    hidden: changeOfHiddenRows,
    least: 200,
  },
]

type Answer = ReturnType<Engine['tried']>

describe.skipIf(folder === '')('the attacks on ClickHouse', () => {
  let engine: Engine
  const answers = new Map<string, readonly [Answer, Answer]>()

  beforeAll(() => {
    engine = openClickhouse(folder)
    for (const statement of [...clickhouseWorld, ...oneWorld]) engine.run(statement)
    const one = leaks.map(({ sql }) => engine.tried(sql))
    for (const statement of otherWorld) engine.run(statement)
    leaks.forEach(({ sql }, index) => {
      answers.set(sql, [one[index] ?? {}, engine.tried(sql)])
    })
    // What acts runs last, since nothing undoes it.
    for (const { sql, proof } of others) {
      answers.set(sql, [engine.tried(proof === 'plans' ? `EXPLAIN ${sql}` : sql), {}])
    }
  }, 300_000)

  afterAll(async () => {
    engine.close()
    await rm(outfile, { force: true })
  })

  it.for(clickhouseAttacks)('bite without the guard: $sql', ({ sql, proof }) => {
    const [one, other] = answers.get(sql) ?? [{}, {}]

    expect(one).toHaveProperty('rows')
    expect(one).not.toEqual(proof === 'leaks' ? other : {})
  })
})

describe.skipIf(folder === '')('the guard of ClickHouse', () => {
  let engine: Engine
  let guard: SqlGuard

  beforeAll(async () => {
    engine = openClickhouse(folder)
    for (const statement of [...clickhouseWorld, ...oneWorld]) engine.run(statement)
    const policy = definePolicy({ name: 'everything of the world' })
    guard = await createSqlGuard({ dialect: clickhouse(), policy, catalog: clickhouseCatalog })
  })

  afterAll(() => engine.close())

  it('knows of every column that an answer depends on', () => {
    const texts = [...leaks.map(({ sql }) => sql), ...honestTwins(places.slice(0, 12), [])]
    const allowed = texts.flatMap((sql) => {
      const verdict = guard.check(sql)
      if (verdict.kind === 'refused') return []
      const columns = new Set(
        verdict.reads.flatMap(({ table, columns: read }) =>
          read.map(({ column }) => `${table}.${column}`),
        ),
      )
      return [{ sql, columns, before: engine.tried(verdict.sql), run: verdict.sql }]
    })
    const unread: string[] = []

    for (const { column, change, undo } of changesOfOneColumn) {
      for (const statement of change) engine.run(statement)
      for (const { sql, columns, before, run } of allowed) {
        if (columns.has(column) || 'error' in before) continue
        if (JSON.stringify(engine.tried(run)) !== JSON.stringify(before)) {
          unread.push(`${column}: ${sql}`)
        }
      }
      for (const statement of undo) engine.run(statement)
    }

    expect(allowed.length).toBeGreaterThan(300)
    expect(unread).toEqual([])
  }, 300_000)

  it.for(hiding)(
    'lets no hidden data into an answer: $name',
    async ({ options, hidden, least }) => {
      const own = await createSqlGuard({
        dialect: clickhouse(),
        catalog: clickhouseCatalog,
        ...options,
      })
      const texts = [...leaks.map(({ sql }) => sql), ...honestTwins(places, constants)]
      const allowed = texts.flatMap((sql) => {
        const verdict = own.check(sql)
        const run = verdict.kind === 'allowed' ? verdict.sql : ''
        const before = run === '' ? {} : engine.tried(run)
        return 'rows' in before ? [{ run, before }] : []
      })

      for (const statement of hidden.change) engine.run(statement)
      const changed = allowed.filter(
        ({ run, before }) => JSON.stringify(engine.tried(run)) !== JSON.stringify(before),
      )
      for (const statement of hidden.undo) engine.run(statement)

      expect(allowed.length).toBeGreaterThan(least)
      expect(changed).toEqual([])
    },
  )

  it('permits no function in FROM but those that count', () => {
    const names = engine
      .run('SELECT name FROM system.table_functions')
      .split(/\W+/)
      .filter((name) => name !== '')

    const through = names.filter(
      (name) => guard.check(`SELECT * FROM ${name}('1', 2)`).kind === 'allowed',
    )

    expect(names.length).toBeGreaterThan(50)
    expect(through.sort()).toEqual([
      'generateSeries',
      'generate_series',
      'numbers',
      'numbers_mt',
      'zeros',
    ])
  })

  it('permits only functions that the engine has by that name', () => {
    const known = engine
      .run('SELECT name, case_insensitive FROM system.functions')
      .trim()
      .split('\n')
      .map((line): readonly [string, number] => JSON.parse(line))
    const asWritten = new Set(known.map(([name]) => name))
    const anyCase = new Set(
      known.filter(([, any]) => any === 1).map(([name]) => name.toLowerCase()),
    )
    const { safeFunctions } = clickhouse().traits

    const unknown = [...safeFunctions].filter(
      (name) =>
        !asWritten.has(name) &&
        !anyCase.has(name) &&
        !/^(date|timestamp)_?|^(generate|numbers|zeros)/.test(name),
    )

    expect(unknown).toEqual([])
  })
})
