import { PGlite } from '@electric-sql/pglite'
import { postgres } from '@t2t/sql-guard/postgres'
import { portable } from '@t2t/sql-guard/portable'
import pg from 'pg'
import { worldSchema } from '../../attacks/world.ts'
import { changes, type Hidden, moreSchema, postgresChanges, postgresSchema } from '../world.ts'
import { type Answer, type Engine, inOrder, type Judgement } from './engine.ts'

/** A connection that runs scripts, and one statement with one parameter. */
interface Connection {
  script(sql: string): Promise<unknown>
  value(sql: string, parameter?: string): Promise<unknown>
  close(): Promise<void>
}

/** PostgreSQL at its standard port, with a database of its own. */
export async function openPostgres(): Promise<Engine> {
  const server = { host: '127.0.0.1', port: 5432, user: 'postgres' }
  const database = `guard_fuzz_${process.pid}`
  const admin = new pg.Client({ ...server, database: 'postgres' })
  await admin.connect()
  await admin.query(`CREATE DATABASE ${database}`)
  const client = new pg.Client({ ...server, database })
  await client.connect()
  return engine({
    script: (sql) => client.query(sql),
    async value(sql, parameter) {
      const parameters = parameter === undefined ? [] : [parameter]
      const { rows } = await client.query<{ value: unknown }>(sql, parameters)
      return rows[0]?.value
    },
    async close() {
      await client.end()
      await admin.query(`DROP DATABASE ${database}`)
      await admin.end()
    },
  })
}

/** PGlite in this process. It cannot be stopped: who calls it must be ready to end the process. */
export async function openPglite(): Promise<Engine> {
  const client = await PGlite.create()
  return engine({
    script: (sql) => client.exec(sql),
    async value(sql, parameter) {
      const { rows } = await client.query<{ value: unknown }>(
        sql,
        parameter === undefined ? [] : [parameter],
      )
      return rows[0]?.value
    },
    close: () => client.close(),
  })
}

async function engine(connection: Connection): Promise<Engine> {
  await connection.script(
    `${worldSchema('STORED')} ${moreSchema}; ${postgresSchema} ${judgeFunctions}`,
  )
  await connection.script(`SET statement_timeout = '2s'; SET jit = off; ANALYZE`)
  const before = await connection.value(stateQuery)
  return {
    dialect: postgres(),
    portable: portable({ engine: 'postgres' }),
    schema: 'public',
    judge: (texts, hidden) => judge({ connection, before }, texts, hidden),
    close: () => connection.close(),
  }
}

interface World {
  readonly connection: Connection
  /** The state that no text may change. */
  readonly before: unknown
}

type Judged = Awaited<ReturnType<Engine['judge']>>

async function judge(world: World, texts: readonly string[], hidden: Hidden): Promise<Judged> {
  const { connection, before } = world
  try {
    await connection.script('BEGIN')
    const one = await answers(connection, texts)
    const isChanged = (await connection.value(stateQuery)) !== before
    if (isChanged) return { judgements: one.map(same), isChanged }
    await connection.script(`${changes[hidden].join(';')} ${postgresChanges[hidden]}`)
    const others = await answers(connection, texts)
    const judgements = texts.map((_, index) => ({
      one: one[index] ?? stopped,
      other: others[index] ?? stopped,
    }))
    return { judgements, isChanged }
  } catch {
    await connection.script('ROLLBACK')
    return await judgeApart(world, texts, hidden)
  } finally {
    await connection.script('ROLLBACK')
  }
}

/** Finds the text that had to be stopped by halves. */
async function judgeApart(world: World, texts: readonly string[], hidden: Hidden): Promise<Judged> {
  if (texts.length < 2) return { judgements: texts.map(() => same(stopped)), isChanged: false }
  const middle = Math.floor(texts.length / 2)
  const left = await judge(world, texts.slice(0, middle), hidden)
  const right = await judge(world, texts.slice(middle), hidden)
  return {
    judgements: [...left.judgements, ...right.judgements],
    isChanged: left.isChanged || right.isChanged,
  }
}

const stopped: Answer = { kind: 'stopped' }

function same(answer: Answer): Judgement {
  return { one: answer, other: answer }
}

async function answers(
  connection: Connection,
  texts: readonly string[],
): Promise<readonly Answer[]> {
  const value = await connection.value(
    'SELECT fuzz.answers($1)::text AS value',
    JSON.stringify(texts),
  )
  const found: readonly Answer[] = JSON.parse(String(value))
  return found.map((answer, index) =>
    answer.kind === 'rows'
      ? { kind: 'rows', text: inOrder(texts[index] ?? '', answer.text.split('\n')) }
      : answer,
  )
}

/** Runs texts one after the other, each in a transaction within the transaction. */
const judgeFunctions = `
  CREATE SCHEMA fuzz;
  CREATE SEQUENCE fuzz.numbers;
  CREATE FUNCTION fuzz.answers(texts text) RETURNS jsonb LANGUAGE plpgsql AS $$
  DECLARE
    one text;
    line record;
    lines text;
    found jsonb[] := '{}';
  BEGIN
    FOR one IN SELECT jsonb_array_elements_text(texts::jsonb) LOOP
      BEGIN
        lines := '';
        FOR line IN EXECUTE one LOOP lines := lines || line::text || E'\\n'; END LOOP;
        found := found || jsonb_build_object('kind', 'rows', 'text', lines);
      EXCEPTION WHEN OTHERS THEN
        found := found || jsonb_build_object('kind', 'error', 'text', SQLERRM);
      END;
    END LOOP;
    RETURN to_jsonb(found);
  END $$`

/** Everything that a statement could leave behind, as one text. */
const stateQuery = `SELECT md5(concat_ws('|',
  (SELECT string_agg(c::text, ';' ORDER BY id) FROM public.customers c),
  (SELECT string_agg(o::text, ';' ORDER BY id) FROM public.orders o),
  (SELECT string_agg(s::text, ';' ORDER BY id) FROM public.secrets s),
  (SELECT count(*) FROM pg_catalog.pg_class),
  (SELECT count(*) FROM pg_catalog.pg_proc),
  (SELECT count(*) FROM pg_catalog.pg_largeobject_metadata),
  (SELECT count(*) FROM pg_catalog.pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()),
  (SELECT count(*) FROM pg_catalog.pg_listening_channels()),
  (SELECT string_agg(name || '=' || setting, ';' ORDER BY name) FROM pg_catalog.pg_settings
    WHERE name NOT IN ('transaction_isolation', 'transaction_read_only', 'transaction_deferrable')),
  current_user, session_user)) AS value`
