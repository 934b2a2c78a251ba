import { readdirSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import { createDatabase, leastPrivilegeRole } from '@t2t/database'
import { postgres, type PooledEngine } from '@t2t/database/postgres'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import {
  postgresAttacks,
  postgresExtras,
} from '../../../sql-guard/test/attacks/postgres/postgres.attacks.ts'
import { worldPolicy, worldSchema } from '../../../sql-guard/test/attacks/world.ts'
import {
  asSuperuser,
  createDatabaseWith,
  dropDatabase,
  serverUrl,
} from '../engine/postgres-server.ts'

const name = 't2t_database_attacks'
const role = 't2t_attacks_reader'
const calm = new AbortController().signal
const caps = { maxRows: 50, maxBytes: 100_000, timeoutMs: 250 }

describe.skipIf(!inject('reachable').postgres)(
  'attacks through the session, without the guard',
  () => {
    let engine: PooledEngine
    let watcher: pg.Client

    beforeAll(async () => {
      await createDatabaseWith(name, [worldSchema('STORED'), postgresExtras])
      await asSuperuser(name, (client) => client.query(`DROP ROLE IF EXISTS ${role}`))
      const owned = await createDatabase({
        name: 'world',
        engine: postgres({ url: serverUrl + name }),
        policy: worldPolicy,
      })
      const statements = leastPrivilegeRole(await owned.catalog(), { role, database: name })
      await owned.close()
      await asSuperuser(name, async (client) => {
        for (const sql of statements) await client.query(sql)
      })
      engine = postgres({
        url: serverUrl.replace('postgres@', `${role}@`) + name,
        maxConnections: 4,
      })
      watcher = new pg.Client(serverUrl + name)
      await watcher.connect()
    })

    afterAll(async () => {
      await engine.close()
      await watcher.end()
      await dropDatabase(name)
      await asSuperuser('postgres', (client) => client.query(`DROP ROLE IF EXISTS ${role}`))
    })

    /** Everything of the database that a statement could change, and what sessions hold. */
    async function fingerprint(): Promise<string> {
      for (;;) {
        const { size, idle } = engine.pool()
        if (size === idle) break
        await setImmediate()
      }
      const results = await watcher.query(`
      SELECT n.nspname, c.relname, c.relkind, c.relowner, c.relacl, c.reloptions
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname !~ '^pg_(toast|temp)' ORDER BY 1, 2;
      SELECT * FROM customers ORDER BY id;
      SELECT * FROM orders ORDER BY id;
      SELECT * FROM secrets ORDER BY id;
      SELECT last_value, is_called FROM numbers;
      SELECT oid, lomowner FROM pg_largeobject_metadata;
      SELECT proname, prosrc, proacl FROM pg_proc WHERE oid >= 16384 ORDER BY 1;
      SELECT rolname, rolsuper, rolconfig FROM pg_roles WHERE rolname ~ '^(postgres|${role}|pg_)' ORDER BY 1;
      SELECT extname FROM pg_extension ORDER BY 1;
      SELECT setconfig FROM pg_db_role_setting;
      SELECT locktype, mode FROM pg_locks WHERE locktype = 'advisory'
        AND database = (SELECT oid FROM pg_database WHERE datname = '${name}');
      SELECT count(*) FROM pg_prepared_xacts;
      SELECT pubname FROM pg_publication;
      SELECT slot_name FROM pg_replication_slots`)
      const settings = await engine.read(
        `SELECT name, setting FROM pg_settings WHERE context IN ('user', 'superuser')
       AND name NOT LIKE 'transaction_%' AND name NOT IN ('statement_timeout',
         'idle_in_transaction_session_timeout') ORDER BY name`,
        { maxRows: 1_000, maxBytes: 1_000_000, timeoutMs: 10_000 },
        calm,
      )
      return JSON.stringify([
        Array.isArray(results) ? results.map(({ rows }) => rows) : [],
        settings.rows,
        readdirSync('/tmp').filter((file) => /never|t2t-moons/.test(file)),
      ])
    }

    it('change nothing with the role that posture writes', { timeout: 120_000 }, async () => {
      const before = await fingerprint()
      const changed: string[] = []

      for (const [place, { sql }] of postgresAttacks.entries()) {
        await engine.read(sql, caps, calm).catch(() => {})
        const isDue = place % 25 === 24 || place === postgresAttacks.length - 1
        if (isDue && (await fingerprint()) !== before) changed.push(`up to ${sql}`)
      }

      expect(postgresAttacks.length).toBeGreaterThan(300)
      expect(changed).toEqual([])
    })

    it('show no hidden value with the role that reads what the policy shows', async () => {
      const leaking: string[] = []

      for (const { sql } of postgresAttacks) {
        const shown = await engine.read(sql, caps, calm).then(JSON.stringify, () => '')
        // A text that spells the value itself has not read it.
        if (/@canary|"canary"/.test(shown) && !/canary/.test(sql)) leaking.push(sql)
      }
      expect(leaking).toEqual([])
    }, 120_000)
  },
)
