import { createSqlGuard, type Dialect, type Policy, type SqlGuard } from '@t2t/sql-guard'
import { mysql } from '@t2t/sql-guard/mysql'
import { postgres } from '@t2t/sql-guard/postgres'
import mysqlClient from 'mysql2/promise'
import pg from 'pg'
import { honestTwins, type Attack, type Place } from '../attacks/attack.ts'
import { mariadbAttacks } from '../attacks/mariadb/mariadb.attacks.ts'
import * as mariadb from '../attacks/mariadb/reading.ts'
import { postgresAttacks } from '../attacks/postgres/postgres.attacks.ts'
import * as postgresReading from '../attacks/postgres/reading.ts'
import {
  maskPolicy,
  otherRows,
  otherWorld,
  rowPolicy,
  worldCatalog,
  worldPolicy,
  worldSchema,
} from '../attacks/world.ts'
import type { FuzzResult } from './fuzz-sqlite.ts'
import { createRandom, mutate, tokensOf } from './mutate.ts'

/** A database of its own, made for the run. */
interface World {
  /** The rows, or nothing when the engine does not run the text. */
  answer(sql: string): Promise<string | undefined>
  close(): Promise<void>
}

/** Gives mutated texts to guards, and lets PostgreSQL judge what they let through. */
export function fuzzPostgres(seed: number, mutations: number): Promise<FuzzResult> {
  const texts = corpusOf(postgresAttacks, postgresReading.places, postgresReading.constants)
  return fuzz(postgres(), 'public', postgresWorld, texts, seed, mutations)
}

/** Gives mutated texts to guards, and lets MariaDB judge what they let through. */
export function fuzzMariadb(seed: number, mutations: number): Promise<FuzzResult> {
  const texts = corpusOf(mariadbAttacks, mariadb.places, mariadb.constants)
  return fuzz(mysql(), 'attacked', mariadbWorld, texts, seed, mutations)
}

function corpusOf(
  list: readonly Attack[],
  places: readonly Place[],
  constants: readonly Place[],
): readonly (readonly string[])[] {
  const leaks = list.filter(({ proof }) => proof === 'leaks').map(({ sql }) => sql)
  return [...leaks, ...honestTwins(places, constants)].map(tokensOf)
}

async function fuzz(
  dialect: Dialect,
  schema: string,
  open: (name: string, world: string) => Promise<World>,
  corpus: readonly (readonly string[])[],
  seed: number,
  mutations: number,
): Promise<FuzzResult> {
  const random = createRandom(seed)
  const one = await open('one', '')
  const other = await open('other', otherWorld)
  const changed = await open('changed', otherRows)
  const guardFor = (policy: Policy): Promise<SqlGuard> =>
    createSqlGuard({
      dialect,
      policy,
      catalog: worldCatalog(dialect.name, schema),
      attributes: { customer: 1 },
    })
  const trials = [
    { guard: await guardFor(worldPolicy), world: other },
    { guard: await guardFor(maskPolicy), world: other },
    { guard: await guardFor(rowPolicy), world: changed },
  ]
  let [allowed, ran] = [0, 0]
  const broken: { policy: string; sql: string; why: string }[] = []
  try {
    for (let count = 0; count < mutations; count++) {
      const sql = mutate(corpus, random)
      for (const { guard, world } of trials) {
        const verdict = guard.check(sql)
        if (verdict.kind === 'refused' || isFleeting(verdict.sql)) continue
        allowed++
        const [mine, others] = await Promise.all([
          one.answer(verdict.sql),
          world.answer(verdict.sql),
        ])
        if (mine !== undefined) ran++
        if (mine !== others) broken.push({ policy: guard.policy.name, sql, why: 'leak' })
      }
    }
  } finally {
    await Promise.all([one, other, changed].map((world) => world.close()))
  }
  return { mutations, allowed, ran, broken }
}

/** Random numbers, the time and samples differ from one call to the next. */
function isFleeting(sql: string): boolean {
  return /random|now|current_|timeofday|uuid|sample|rand\b|sysdate|utc_/i.test(sql)
}

async function postgresWorld(name: string, world: string): Promise<World> {
  const server = { host: '127.0.0.1', port: 5432, user: 'postgres' }
  const database = `guard_fuzz_${process.pid}_${name}`
  const admin = new pg.Client({ ...server, database: 'postgres' })
  await admin.connect()
  await admin.query(`CREATE DATABASE ${database}`)
  const client = new pg.Client({ ...server, database })
  await client.connect()
  await client.query(worldSchema('STORED'))
  if (world !== '') await client.query(world)
  await client.query(`SET default_transaction_read_only = on; SET statement_timeout = '2s'`)
  return {
    async answer(sql) {
      try {
        const { rows } = await client.query({ text: sql, rowMode: 'array' })
        // Without an order, rows come as they lie in the table.
        return sorted(rows)
      } catch {
        return undefined
      }
    },
    async close() {
      await client.end()
      await admin.query(`DROP DATABASE ${database}`)
      await admin.end()
    },
  }
}

async function mariadbWorld(name: string, world: string): Promise<World> {
  const client = await mysqlClient.createConnection({
    host: '127.0.0.1',
    user: 'root',
    multipleStatements: true,
    rowsAsArray: true,
  })
  // The texts name their database, so that each world has its own and the run uses it by default.
  const database = `guard_fuzz_${process.pid}_${name}`
  await client.query(`CREATE DATABASE ${database}; USE ${database}`)
  await client.query(worldSchema('STORED'))
  if (world !== '') await client.query(world)
  await client.query('SET SESSION max_statement_time = 2; SET SESSION TRANSACTION READ ONLY')
  return {
    async answer(sql) {
      try {
        const [rows] = await client.query(sql.replaceAll(/`?\battacked\b`?/gi, database))
        return sorted(Array.isArray(rows) ? rows : [])
      } catch {
        return undefined
      }
    },
    async close() {
      await client.query(`SET SESSION TRANSACTION READ WRITE; DROP DATABASE ${database}`)
      await client.end()
    },
  }
}

function sorted(rows: readonly unknown[]): string {
  return rows
    .map((row) => JSON.stringify(row))
    .toSorted()
    .join()
}
