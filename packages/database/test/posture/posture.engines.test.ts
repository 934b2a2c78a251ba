import { createDatabase, leastPrivilegeRole, type RefreshableDatabase } from '@t2t/database'
import { serveDatabaseMcpOverHttp } from '@t2t/database/mcp'
import { mysql } from '@t2t/database/mysql'
import { postgres } from '@t2t/database/postgres'
import { createConnection } from 'mysql2/promise'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { canaries, shopPolicy, shopStatements } from '../databases/shop.ts'
import {
  asSuperuser,
  createDatabaseWith,
  dropDatabase,
  serverUrl,
} from '../engine/postgres-server.ts'

const name = 't2t_database_posture'
const role = 't2t_posture_reader'

describe.skipIf(!inject('reachable').postgres)('a role of PostgreSQL', () => {
  let shop: RefreshableDatabase
  let asReader: RefreshableDatabase

  beforeAll(async () => {
    await createDatabaseWith(name, shopStatements)
    await asSuperuser(name, (client) => client.query(`DROP ROLE IF EXISTS ${role}`))
    const open = (user: string): Promise<RefreshableDatabase> =>
      createDatabase({
        name: 'shop',
        engine: postgres({ url: serverUrl.replace('postgres@', `${user}@`) + name }),
        policy: shopPolicy,
      })
    shop = await open('postgres')
    const statements = await leastPrivilegeRole(await shop.catalog(), { role, database: name })
    await asSuperuser(name, async (client) => {
      for (const sql of statements) await client.query(sql)
    })
    asReader = await open(role)
  })

  afterAll(async () => {
    await asReader.close()
    await shop.close()
    await dropDatabase(name)
    await asSuperuser('postgres', (client) => client.query(`DROP ROLE IF EXISTS ${role}`))
  })

  it('that may do everything is told so', async () => {
    const { canWrite, findings, role: found } = await shop.posture()

    expect([found, canWrite]).toEqual(['postgres', true])
    expect(findings).toContainEqual({ code: 'superuser', subject: 'postgres', writes: true })
    expect(findings).toContainEqual({
      code: 'write-grant',
      subject: 'public.salaries',
      writes: true,
    })
  })

  it('that was made for reading has nothing to be told', async () => {
    expect(await asReader.posture()).toEqual({ role, canWrite: false, findings: [] })
  })

  it('that was made for reading reads what the policy shows', async () => {
    const { tables } = await shop.catalog()

    for (const { schema, name: table, columns } of tables) {
      const list = columns.map((column) => column.name).join(', ')
      expect(await asReader.query(`SELECT ${list} FROM ${schema}.${table}`)).toMatchObject({
        kind: 'rows',
      })
    }
  })

  it('drifts from the policy where it may read what is hidden', async () => {
    const drift = await shop.drift()

    expect(drift.hiddenThoughShown).toEqual([])
    expect(drift.readableThoughHidden).toEqual([
      'public.contacts.email',
      'public.customers.email',
      'public.salaries.id',
      'public.salaries.amount',
    ])
    expect(await asReader.drift()).toEqual({
      hasGrants: true,
      readableThoughHidden: [],
      hiddenThoughShown: [],
      unfilteredRows: [],
    })
  })

  it('drifts from the policy where it cannot read what is shown', async () => {
    await asSuperuser(name, (client) =>
      client.query(`REVOKE SELECT (name) ON customers FROM ${role}`),
    )

    const drift = await asReader.drift()

    await asSuperuser(name, (client) => client.query(`GRANT SELECT (name) ON customers TO ${role}`))
    expect(drift.hiddenThoughShown).toEqual(['public.customers.name'])
  })

  it('that can write is not served beyond loopback unless somebody says so', async () => {
    const open = { host: '0.0.0.0', allowedHosts: ['localhost'] }

    const failure = await serveDatabaseMcpOverHttp({ ...open, databases: [shop] }).catch(
      (error: unknown) => error,
    )
    const told = await serveDatabaseMcpOverHttp({
      ...open,
      databases: [shop],
      allowWritableRoles: true,
    })
    const safe = await serveDatabaseMcpOverHttp({ ...open, databases: [asReader] })

    await Promise.all([told.close(), safe.close()])
    expect(failure).toMatchObject({ code: 'DATABASE_OPTION_INVALID' })
    expect(String(failure)).not.toMatch(canaries)
  })
})

describe.skipIf(!inject('reachable').mariadb)('an account of MariaDB', () => {
  const url = `mysql://root@127.0.0.1:3306/${name}`

  it('for reading has nothing to be told, and one for everything has', async () => {
    const admin = await createConnection('mysql://root@127.0.0.1:3306/mysql')
    await admin.query(`DROP DATABASE IF EXISTS ${name}`)
    await admin.query(`CREATE DATABASE ${name}`)
    await admin.query(`USE ${name}`)
    await admin.query(`DROP USER IF EXISTS ${role}`)
    for (const statement of shopStatements) await admin.query(statement)
    const shop = await createDatabase({ name: 'shop', engine: mysql({ url }), policy: shopPolicy })
    const statements = await leastPrivilegeRole(await shop.catalog(), { role, database: name })
    for (const sql of statements) await admin.query(sql)
    const engine = mysql({ url: url.replace('root@', `${role}@`) })
    const asReader = await createDatabase({ name: 'shop', engine, policy: shopPolicy })

    const [mighty, modest] = [await shop.posture(), await asReader.posture()]
    const drift = await shop.drift()
    const read = await asReader.query('SELECT id, name FROM customers ORDER BY id')

    await Promise.all([shop.close(), asReader.close()])
    await admin.query(`DROP USER ${role}`)
    await admin.query(`DROP DATABASE ${name}`)
    await admin.end()
    expect(mighty.canWrite).toBe(true)
    expect(mighty.findings.map(({ code }) => code)).toContain('superuser')
    expect(modest).toEqual({ role: `${role}@%`, canWrite: false, findings: [] })
    expect(drift.readableThoughHidden).toContain(`${name}.customers.email`)
    expect(read).toMatchObject({
      result: {
        rows: [
          [1, 'Ada'],
          [2, 'Bob'],
        ],
      },
    })
  })
})
