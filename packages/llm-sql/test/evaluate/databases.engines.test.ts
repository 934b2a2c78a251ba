import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { createConnection } from 'mysql2/promise'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { runEvaluate } from '../../src/evaluate/command.ts'

const folder = mkdtempSync(join(tmpdir(), 'evaluate-engines-'))
const at = (name: string): string => join(folder, name)
afterAll(() => rmSync(folder, { recursive: true }))

const db = `t2t_eval_${process.pid}`
const schema = [
  'CREATE TABLE stores (id integer PRIMARY KEY, name varchar(40) NOT NULL, rent decimal(8, 2) NOT NULL)',
  'CREATE TABLE orders (id integer PRIMARY KEY, status varchar(20) NOT NULL, store_id integer REFERENCES stores (id))',
  "INSERT INTO stores VALUES (1, 'Harbour', 10.50), (2, 'Plaza', 21.00)",
  "INSERT INTO orders VALUES (1, 'paid', 1), (2, 'paid', 2), (3, 'open', 2)",
]
const lines = (...all: readonly object[]): string =>
  all.map((one) => `${JSON.stringify(one)}\n`).join('')
const count = 'SELECT COUNT(*) FROM orders'
const rent = 'SELECT AVG(rent) FROM stores'

writeFileSync(at('shop.sql'), schema.join(';\n'))
writeFileSync(
  at('questions.jsonl'),
  lines(
    { id: 'q1', db, question: 'How many orders are there?', gold_sql: count },
    {
      id: 'q2',
      db,
      question: 'How many orders are open?',
      gold_sql: `${count} WHERE status = 'open'`,
    },
    { id: 'q3', db, question: 'What is the average rent?', gold_sql: rent },
  ),
)
// A decimal of another scale is the same number.
writeFileSync(
  at('outputs.jsonl'),
  lines(
    { id: 'q1', sql: count },
    { id: 'q2', sql: 'DELETE FROM orders' },
    { id: 'q3', sql: 'SELECT CAST(SUM(rent) AS decimal(20, 6)) / COUNT(*) FROM stores' },
  ),
)

async function evaluated(name: string, database: string, generator: string) {
  const file = at(`${name}.yaml`)
  writeFileSync(
    file,
    `questions: questions.jsonl\ndatabase: ${database}\ngenerator: ${generator}\n`,
  )
  let [stdout, stderr] = ['', '']
  const status = await runEvaluate([file, '--json', '--quiet'], {
    write: (text) => void (stdout += text),
    writeError: (text) => void (stderr += text),
    environment: { SHOP_URL: 'postgres://postgres@127.0.0.1:5432/{db}' },
    signal: new AbortController().signal,
  })
  return { status, stderr, report: stdout === '' ? {} : (JSON.parse(stdout) as object) }
}

const offline = '{ kind: offline }'
const recorded = '{ kind: recorded, outputs: outputs.jsonl }'

describe.skipIf(!inject('reachable').postgres)('t2t-eval on PostgreSQL', () => {
  const asPostgres = async (name: string, statements: readonly string[]): Promise<void> => {
    const client = new pg.Client(`postgres://postgres@127.0.0.1:5432/${name}`)
    await client.connect()
    for (const statement of statements) await client.query(statement)
    await client.end()
  }
  beforeAll(async () => {
    await asPostgres('postgres', [
      `DROP DATABASE IF EXISTS ${db} WITH (FORCE)`,
      `CREATE DATABASE ${db}`,
    ])
    await asPostgres(db, schema)
  })
  afterAll(() => asPostgres('postgres', [`DROP DATABASE IF EXISTS ${db} WITH (FORCE)`]))

  it('answers by the offline generator', async () => {
    const database = '{ urlVariable: SHOP_URL, sampleValues: 20 }'

    const { status, report } = await evaluated('postgres', database, offline)

    expect(status).toBe(0)
    expect(report).toMatchObject({ questions: 3, right: 3 })
  })

  it('counts what was recorded, and changes nothing', async () => {
    const url = '{ url: "postgres://postgres@127.0.0.1:5432/{db}" }'

    const first = await evaluated('postgres-recorded', url, recorded)
    const again = await evaluated('postgres-recorded', url, recorded)

    expect(first.report).toMatchObject({ questions: 3, right: 2 })
    expect(again.report).toMatchObject({ questions: 3, right: 2 })
  })

  it('says which database does not answer, without its address', async () => {
    const database = '{ url: "postgres://postgres:s3cret@127.0.0.1:1/{db}" }'

    const { status, stderr } = await evaluated('postgres-away', database, offline)

    expect(status).toBe(2)
    expect(stderr).toContain(`The database ${db} cannot be read`)
    expect(stderr).not.toMatch(/s3cret|127\.0\.0\.1/)
  })
})

describe.skipIf(!inject('reachable').mariadb)('t2t-eval on MariaDB', () => {
  const asRoot = async (name: string, statements: readonly string[]): Promise<void> => {
    const client = await createConnection(`mysql://root@127.0.0.1:3306/${name}`)
    for (const statement of statements) await client.query(statement)
    await client.end()
  }
  beforeAll(async () => {
    await asRoot('mysql', [`DROP DATABASE IF EXISTS ${db}`, `CREATE DATABASE ${db}`])
    await asRoot(db, schema)
  })
  afterAll(() => asRoot('mysql', [`DROP DATABASE IF EXISTS ${db}`]))

  it('counts what was recorded, decimals as numbers, and changes nothing', async () => {
    const url = '{ url: "mysql://root@127.0.0.1:3306/{db}", sampleValues: 5 }'

    const first = await evaluated('mysql', url, recorded)
    const again = await evaluated('mysql', url, recorded)

    expect(first.report).toMatchObject({ questions: 3, right: 2 })
    expect(again.report).toMatchObject({ questions: 3, right: 2 })
  })
})

describe('t2t-eval on PGlite', () => {
  it('answers from scripts that are run in memory', async () => {
    const database = '{ scripts: [shop.sql], engine: pglite, sampleValues: 20 }'

    const { stderr, report } = await evaluated('pglite-scripts', database, offline)

    expect(stderr).toBe('')
    expect(report).toMatchObject({ questions: 3, right: 3 })
  })

  it('answers from a folder of data and from a saved image', async () => {
    const client = await PGlite.create(at('data'))
    await client.exec(schema.join(';\n'))
    const image = await client.dumpDataDir('none')
    await client.close()
    writeFileSync(at('image.tar'), Buffer.from(await image.arrayBuffer()))

    for (const place of ['data', 'image.tar']) {
      const { report } = await evaluated(`pglite-${place}`, `{ pglite: ${place} }`, recorded)

      expect(report).toMatchObject({ questions: 3, right: 2 })
    }
  })
})
