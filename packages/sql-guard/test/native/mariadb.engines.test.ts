import { combinePolicies, createSqlGuard, definePolicy, type Policy } from '@t2t/sql-guard'
import { mysql } from '@t2t/sql-guard/mysql'
import { nativePolicy } from '@t2t/sql-guard/native'
import { createConnection, type Connection } from 'mysql2/promise'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { honestTwins } from '../attacks/attack.ts'
import { mariadbAttacks } from '../attacks/mariadb/mariadb.attacks.ts'
import { constants, places } from '../attacks/mariadb/reading.ts'
import {
  maskPolicy,
  otherRows,
  otherWorld,
  rowPolicy,
  worldCatalog,
  worldPolicy,
  worldSchema,
} from '../attacks/world.ts'

const suffix = `${process.pid}_${Date.now() % 100_000}`
const database = `native_${suffix}`
const server = { host: '127.0.0.1', multipleStatements: true, rowsAsArray: true }
const catalog = worldCatalog('mysql', database)

interface Granted {
  readonly role: string
  readonly policy: Policy
  readonly reads: string
}

/** Columns by grant, and everything else by views. */
const byGrant: Granted = { role: `g_${suffix}`, policy: worldPolicy, reads: database }
const byView: Granted = {
  role: `v_${suffix}`,
  policy: combinePolicies(worldPolicy, rowPolicy),
  reads: `${database}_v_${suffix}`,
}
const behindMask: Granted = {
  role: `m_${suffix}`,
  policy: combinePolicies(maskPolicy, definePolicy({ tables: { block: ['orders'] } })),
  reads: `${database}_m_${suffix}`,
}
const all = [byGrant, byView, behindMask]

function optionsOf({ policy, role }: Granted) {
  return { dialect: mysql(), policy, role, database, catalog, attributes: { customer: 1 } }
}

/** The rows of a text, or the code of the engine's error. */
async function answer(client: Connection, sql: string): Promise<string> {
  try {
    const [rows] = await client.query(sql)
    return JSON.stringify(rows)
  } catch (error) {
    return `error ${error instanceof Error && 'errno' in error ? String(error.errno) : ''}`
  }
}

describe.skipIf(!inject('reachable').mariadb)('the policy as an account of MariaDB', () => {
  const clients = new Map<Granted, Connection>()
  let admin: Connection

  const as = (granted: Granted): Connection => {
    const client = clients.get(granted)
    if (client === undefined) throw new Error('There is no such account.')
    return client
  }

  /** What every account answers before and after what it must not see has changed. */
  const differing = async (
    granted: Granted,
    texts: readonly string[],
  ): Promise<readonly string[]> => {
    const client = as(granted)
    const before: string[] = []
    for (const sql of texts) before.push(await answer(client, sql))
    await admin.query('START TRANSACTION')
    await admin.query(`${otherWorld}; ${otherRows}`)
    await admin.query('COMMIT')
    const leaks: string[] = []
    for (const [index, sql] of texts.entries()) {
      if ((await answer(client, sql)) !== before[index]) leaks.push(sql)
    }
    await admin.query(
      'DROP VIEW customer_emails, secret_values; DROP TABLE customers, orders, secrets',
    )
    await admin.query(worldSchema('STORED'))
    return leaks
  }

  beforeAll(async () => {
    admin = await createConnection({ ...server, user: 'root' })
    await admin.query(`CREATE DATABASE ${database}; USE ${database}`)
    await admin.query(worldSchema('STORED'))
    for (const granted of all) {
      const { statements } = await nativePolicy(optionsOf(granted))
      for (const statement of statements) await admin.query(statement)
      const { role: user, reads } = granted
      clients.set(granted, await createConnection({ ...server, user, database: reads }))
    }
  })

  afterAll(async () => {
    await Promise.all([...clients.values()].map((client) => client.end()))
    for (const { role, reads } of all) {
      await admin.query(`DROP USER IF EXISTS ${role}; DROP DATABASE IF EXISTS ${reads}`)
    }
    await admin.end()
  })

  it.for([byGrant, byView])('gives what the guard allows: $policy.name', async (granted) => {
    const guard = await createSqlGuard(optionsOf(granted))
    const wrong: string[] = []
    let compared = 0
    for (const sql of honestTwins(places, constants)) {
      const verdict = guard.check(sql)
      // A view has no indexes that a text could name.
      const isHint = granted === byView && sql.includes('FORCE INDEX')
      if (verdict.kind === 'refused' || isHint) continue
      compared += 1
      const [native, guarded] = [await answer(as(granted), sql), await answer(admin, verdict.sql)]
      if (native !== guarded) wrong.push(`${sql}: ${native}, not ${guarded}`)
    }

    expect(wrong).toEqual([])
    expect(compared).toBeGreaterThan(100)
  })

  it('tells by grants only what NATURAL and USING compare', async () => {
    const leaking = mariadbAttacks.filter(({ proof }) => proof === 'leaks').map(({ sql }) => sql)

    const leaks = await differing(byGrant, leaking)

    expect(leaks.filter((sql) => !/natural|using/i.test(sql))).toEqual([])
  })

  it('tells nothing through views', async () => {
    const leaking = mariadbAttacks.filter(({ proof }) => proof === 'leaks').map(({ sql }) => sql)

    expect(await differing(byView, leaking)).toEqual([])
  })

  it('shows masks where the policy has them', async () => {
    const client = as(behindMask)

    expect(await answer(client, 'SELECT DISTINCT email FROM customers')).toBe('[["***"]]')
    expect(await answer(client, `SELECT email FROM ${database}.customers`)).toBe('error 1142')
  })
})
