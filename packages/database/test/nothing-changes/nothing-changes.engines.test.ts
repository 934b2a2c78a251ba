import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasSqlite } from '../engine/has-sqlite.ts'
import { openPgliteWorld, openSqliteWorld } from './embedded-worlds.ts'
import { inCell } from './limits-page.ts'
import { canOpenMariadbWorld, openMariadbWorld } from './mariadb-world.ts'
import { canOpenPostgresWorld, openPostgresWorld } from './postgres-world.ts'
import { actingAttacks, aftermathOf, type World } from './world.ts'

const page = new URL('../../../../docs/reference/what-a-superuser-can-do.md', import.meta.url)
const documented = readFileSync(page, 'utf8')

const worlds = [
  { name: 'PostgreSQL', isThere: canOpenPostgresWorld(), open: openPostgresWorld, together: 1 },
  { name: 'MariaDB', isThere: canOpenMariadbWorld(), open: openMariadbWorld, together: 25 },
  { name: 'SQLite', isThere: hasSqlite, open: openSqliteWorld, together: 25 },
  { name: 'PGlite', isThere: true, open: openPgliteWorld, together: 1 },
]

/** What a server does a moment after it was told to, so that it may show after another text only. */
const late = new Set(['time of the configuration'])

/** Hundreds of texts, and a look at a whole server after most of them, in milliseconds. */
const patience = 600_000

for (const { name, isThere, open, together } of worlds) {
  describe.skipIf(!isThere)(`attacks on ${name} through the session, without the guard`, () => {
    let world: World

    beforeAll(async () => {
      world = await open()
    }, patience)

    afterAll(() => world.close())

    it(
      'change nothing and show nothing hidden with the role that posture writes',
      async () => {
        const { reader, attacks } = world
        // SQLite and PGlite have no roles.
        if (reader === undefined) return

        const { changed, leaking } = await aftermathOf(world, reader, { attacks, together: 25 })

        expect(attacks.length).toBeGreaterThan(300)
        expect(changed).toEqual([])
        expect(leaking).toEqual([])
      },
      patience,
    )

    it(
      'change with a superuser only what is documented, and the guard stops each of those',
      async () => {
        const attacks = actingAttacks(world)
        const aftermath = await aftermathOf(world, world.superuser, { attacks, together })

        const changed = aftermath.changed.filter(({ aspects }) =>
          aspects.some((one) => !late.has(one)),
        )
        const surprising = changed.filter(({ sql }) => !documented.includes(inCell(sql)))
        const passing = changed.filter(({ sql }) => world.guard.check(sql).kind === 'allowed')
        expect(attacks.length).toBeGreaterThan(150)
        expect(surprising).toEqual([])
        expect(passing).toEqual([])
      },
      patience,
    )
  })
}
