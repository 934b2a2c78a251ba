import {
  type CatalogTable,
  combinePolicies,
  createSqlGuard,
  definePolicy,
  type SqlGuard,
} from '@t2t/sql-guard'
import { mysql } from '@t2t/sql-guard/mysql'
import { describe, expect, it } from 'vitest'
import { honestTwins } from './attack.ts'
import { hiddenColumns, mariadbAttacks } from './mariadb/mariadb.attacks.ts'
import { pickedTables } from './mariadb/picked-rows.ts'
import { constants, places } from './mariadb/reading.ts'
import { listPolicy, schemaPolicy, worldCatalog, worldPolicy } from './world.ts'

const world = worldCatalog('mysql', 'attacked')
const wege: CatalogTable = {
  schema: 'attacked',
  name: 'wege',
  kind: 'table',
  columns: ['id', 'straße', 'ΑΣ'].map((name) => ({ name, type: 'text', isNullable: true })),
  primaryKey: [],
  foreignKeys: [],
}
const catalog = { ...world, tables: [...world.tables, wege, ...pickedTables] }
const policy = combinePolicies(worldPolicy, definePolicy({ columns: { block: hiddenColumns } }))
const informed: readonly SqlGuard[] = [
  await createSqlGuard({ dialect: mysql(), policy, catalog }),
  await createSqlGuard({ dialect: mysql(), policy: listPolicy, catalog }),
]
const dialect = mysql({ database: 'attacked' })
const uninformed: readonly SqlGuard[] = [
  await createSqlGuard({ dialect, policy }),
  await createSqlGuard({ dialect, policy: combinePolicies(policy, schemaPolicy('attacked')) }),
]

describe('the attacks on MariaDB', () => {
  it('are many, and each is told only once', () => {
    expect(mariadbAttacks.length).toBeGreaterThan(500)
  })

  it.for(mariadbAttacks)('are refused: $sql', ({ sql, needsCatalog }) => {
    const guards = needsCatalog ? informed : [...informed, ...uninformed]

    for (const guard of guards) expect(guard.check(sql).kind).toBe('refused')
  })

  it.for(honestTwins(places, constants))('leave an honest statement alone: %s', (sql) => {
    for (const guard of [...informed, ...uninformed]) {
      expect(guard.check(sql)).toMatchObject({ kind: 'allowed' })
    }
  })
})
