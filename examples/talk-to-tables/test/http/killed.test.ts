import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { openSessions } from '../../server/parts/sessions.ts'
import { startProcess } from '../fixtures/process.ts'
import '../fixtures/patience.ts'

const folder = mkdtempSync(join(tmpdir(), 't2t-killed-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const path = join(folder, 'data.sqlite')
new DatabaseSync(path).exec('CREATE TABLE numbers (n INTEGER)')

const chats = 100
const body = z.object({ metadata: z.object({ session_id: z.string() }) })

describe('a server that is killed in the middle of 100 chats', () => {
  it.for(['sqlite', 'jsonl'] as const)(
    'has every message in its %s store that it acknowledged',
    async (store) => {
      const sessions = { store, path: join(folder, `sessions-${store}`) }
      const config = join(folder, `${store}.yaml`)
      writeFileSync(
        config,
        JSON.stringify({
          auth: { anonymous: 'anyone' },
          roles: { anyone: { policies: ['all'] } },
          policies: { all: {} },
          databases: [{ name: 'numbers', engine: 'sqlite', path }],
          log: { level: 'silent' },
          sessions,
        }),
      )
      const { child, url, end } = await startProcess({}, ['--config', config])
      const acknowledged: string[] = []
      const half = Promise.withResolvers<void>()
      const asked = Array.from({ length: chats }, async (_, at) => {
        const response = await fetch(new URL('/api/chat', url), {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ query: `SELECT ${at} AS n FROM numbers` }),
        })
        const answer = body.parse(await response.json())
        acknowledged.push(answer.metadata.session_id)
        if (acknowledged.length === chats / 2) half.resolve()
      })
      const all = Promise.allSettled(asked)
      await half.promise
      child.kill('SIGKILL')
      await Promise.all([all, end])

      await using opened = await openSessions(sessions)
      const kept = await Promise.all(
        acknowledged.map((id) => opened.messages.list({ owner: 'local', id })),
      )
      expect(acknowledged.length).toBeGreaterThanOrEqual(chats / 2)
      expect(kept.map((messages) => messages.map(({ role }) => role))).toEqual(
        acknowledged.map(() => ['user', 'assistant']),
      )
      // And it goes on: what was cut off in the middle of a line is not in the way.
      const session = await opened.sessions.create({ owner: 'local' })
      await opened.messages.append(session, { role: 'user', content: 'again' })
      expect(await opened.messages.list(session)).toHaveLength(1)
    },
  )
})
