import { mysql } from '@t2t/sql-guard/mysql'
import { portable } from '@t2t/sql-guard/portable'
import mysqlClient, { type Connection } from 'mysql2/promise'
import { worldSchema } from '../../attacks/world.ts'
import { type Answer, type Engine, inOrder } from './engine.ts'
import { type OwnMariadb, startMariadb } from './own-mariadb.ts'
import { changes, type Hidden, moreSchema } from '../world.ts'

/** A MariaDB server of its own, with a database for each world. */
export async function openMariadb(): Promise<Engine> {
  const server = await startMariadb()
  const open = (name: string, more: readonly string[]): Promise<World> =>
    openWorld(server, name, more)
  const one = await open('one', [])
  // The engine may order rows that are equal as it likes: only what two equal worlds agree on counts.
  const twin = await open('twin', [])
  const others = {
    columns: await open('columns', changes.columns),
    rows: await open('rows', changes.rows),
    both: await open('both', changes.both),
    groups: await open('groups', changes.groups),
  }
  const before = await stateOf(one)
  return {
    dialect: mysql({ database: 'attacked' }),
    portable: portable({ engine: 'mysql', database: 'attacked' }),
    schema: 'attacked',
    async judge(texts, hidden) {
      const other = others[hidden]
      const judgements = await Promise.all(
        texts.map(async (sql) => {
          const [mine, theirs] = await Promise.all([answer(one, sql), answer(other, sql)])
          const isSame =
            mine.kind === theirs.kind && JSON.stringify(mine) === JSON.stringify(theirs)
          return { sql, isSame, one: mine, other: theirs }
        }),
      )
      for (const judgement of judgements) {
        const isSure =
          judgement.isSame || (await isCertain({ one, twin, other, hidden }, judgement.sql))
        if (!isSure) judgement.other = judgement.one
      }
      return { judgements, isChanged: (await stateOf(one)) !== before }
    },
    async close() {
      for (const { client } of [one, twin, ...Object.values(others)]) client.destroy()
      await server.stop()
    },
  }
}

/** Whether the answer in equal worlds is never that of the others, however often they are asked. */
async function isCertain(
  { one, twin, other, hidden }: { one: World; twin: World; other: World; hidden: Hidden },
  sql: string,
): Promise<boolean> {
  const [mine, theirs] = [new Set<string>(), new Set<string>()]
  for (let count = 0; count < 4; count++) {
    for (const world of [one, twin]) mine.add(JSON.stringify(await answer(world, sql)))
    theirs.add(JSON.stringify(await answer(other, sql)))
    // The same tables in the same place, but for what is hidden.
    for (const world of [one, twin]) {
      await world.client.query(`START TRANSACTION; ${changes[hidden].join(';')}`)
      theirs.add(JSON.stringify(await answer(world, sql)))
      await world.client.query('ROLLBACK')
    }
  }
  return mine.isDisjointFrom(theirs)
}

interface World {
  readonly client: Connection
  readonly database: string
}

async function openWorld(
  { socketPath }: OwnMariadb,
  name: string,
  more: readonly string[],
): Promise<World> {
  const client = await mysqlClient.createConnection({
    socketPath,
    user: 'root',
    multipleStatements: true,
    rowsAsArray: true,
  })
  const database = `world_${name}`
  await client.query(`CREATE DATABASE ${database}; USE ${database}`)
  await client.query(`${worldSchema('STORED')} ${moreSchema}`)
  // The planner counts the same rows in all worlds.
  await client.query(
    ['customers', 'orders', 'secrets']
      .map((table) => `ALTER TABLE ${table} STATS_AUTO_RECALC = 0; ANALYZE TABLE ${table}`)
      .join(';'),
  )
  if (more.length > 0) await client.query(more.join(';'))
  await client.query('SET SESSION max_statement_time = 2')
  return { client, database }
}

/** The texts name their database, which has another name in each world. */
async function answer({ client, database }: World, sql: string): Promise<Answer> {
  try {
    const [rows] = await client.query(sql.replaceAll(/`?\battacked\b`?/gi, database))
    return {
      kind: 'rows',
      text: inOrder(
        sql,
        (Array.isArray(rows) ? rows : []).map((row) => JSON.stringify(row)),
      ),
    }
  } catch (error) {
    const isStopped =
      error instanceof Error && 'errno' in error && [1969, 1028].includes(Number(error.errno))
    if (isStopped) return { kind: 'stopped' }
    // A server that is gone takes this process with it; the run goes on without the text.
    if (error instanceof Error && 'fatal' in error && error.fatal === true) throw error
    const number = error instanceof Error && 'errno' in error ? error.errno : 0
    return { kind: 'error', text: String(number) }
  }
}

async function stateOf({ client }: World): Promise<string> {
  const [rows] = await client.query(
    `CHECKSUM TABLE customers, orders, secrets;
     SELECT count(*) FROM information_schema.tables WHERE table_schema = DATABASE();
     SELECT @@sql_mode, @@autocommit, CURRENT_USER()`,
  )
  return JSON.stringify(rows)
}
