import { createDatabase, leastPrivilegeRole, type RefreshableDatabase } from '@t2t/database'
import { serveDatabaseMcpOverHttp } from '@t2t/database/mcp'
import { mysql } from '@t2t/database/mysql'
import { createConnection } from 'mysql2/promise'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { canaries, shopPolicy, shopStatements } from '../databases/shop.ts'
import { freshName } from '../engine/fresh-name.ts'
import { mysqlUrl } from '../engine/mysql-server.ts'
import { openShopRoles, type ShopRoles } from './shop-roles.ts'

describe.skipIf(!inject('reachable').postgres)('a role of PostgreSQL', () => {
  let roles: ShopRoles
  let shop: RefreshableDatabase
  let asReader: RefreshableDatabase

  beforeAll(async () => {
    roles = await openShopRoles({ policy: shopPolicy }, leastPrivilegeRole)
    shop = roles.asOwner
    asReader = roles.asReader
  })

  afterAll(() => roles.close())

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
    const { role } = roles
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
    await roles.run(`REVOKE SELECT (name) ON customers FROM ${roles.role}`)

    const drift = await asReader.drift()

    await roles.run(`GRANT SELECT (name) ON customers TO ${roles.role}`)
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
  const [name, role] = [freshName(), freshName()]
  const url = mysqlUrl(name)

  it('for reading has nothing to be told, and one for everything has', async () => {
    const admin = await createConnection(mysqlUrl('mysql'))
    await admin.query(`CREATE DATABASE ${name}`)
    await admin.query(`USE ${name}`)
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
