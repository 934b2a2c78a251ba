import { clickhouse } from '@t2t/sql-guard/clickhouse'
import { mysql } from '@t2t/sql-guard/mysql'
import { postgres } from '@t2t/sql-guard/postgres'
import { sqlite } from '@t2t/sql-guard/sqlite'
import { dialectContract } from '@t2t/sql-guard/testing'
import { describe, expect, it } from 'vitest'

describe('the PostgreSQL dialect', () => {
  it.for(dialectContract)('$promise', async ({ check }) => {
    await expect(check(postgres())).resolves.toBeUndefined()
  })
})

describe('the SQLite dialect', () => {
  it.for(dialectContract)('$promise', async ({ check }) => {
    await expect(check(sqlite())).resolves.toBeUndefined()
  })
})

describe('the MySQL dialect', () => {
  it.for(dialectContract)('$promise', async ({ check }) => {
    await expect(check(mysql())).resolves.toBeUndefined()
  })
})

describe('the ClickHouse dialect', () => {
  it.for(dialectContract)('$promise', async ({ check }) => {
    await expect(check(clickhouse())).resolves.toBeUndefined()
  })
})
