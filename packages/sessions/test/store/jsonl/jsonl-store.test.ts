import {
  appendFileSync,
  globSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import fc from 'fast-check'
import { jsonlStore } from '@t2t/sessions/jsonl'
import { sessionStoreContract } from '@t2t/sessions/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

describe('a JSONL store', () => {
  let folder = ''
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 't2t-sessions-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  function files(): string[] {
    return globSync(join(folder, 'people', '*', '*'))
  }
  /** A session with two messages, closed, and the one file that it is in. */
  async function twoMessages() {
    const store = jsonlStore({ folder })
    const key = { owner: 'ada', id: (await store.sessions.create({ owner: 'ada' })).id }
    await store.messages.append(key, { role: 'user', content: 'first' })
    await store.messages.append(key, { role: 'user', content: 'second' })
    await store.close()
    const [file = ''] = files()
    return { key, file }
  }
  async function contentsOf(key: { readonly owner: string; readonly id: string }) {
    const store = jsonlStore({ folder })
    const contents = (await store.messages.list(key)).map(({ content }) => content)
    await store.close()
    return contents
  }

  it.for(sessionStoreContract)('$promise', async ({ check }) => {
    await expect(
      check(async (options) => jsonlStore({ ...options, folder })),
    ).resolves.toBeUndefined()
  })

  it('writes one line of JSON for each entry', async () => {
    const { key, file } = await twoMessages()

    const lines = readFileSync(file, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))

    expect(lines).toMatchObject([
      { type: 'session', version: 1, id: key.id, owner: 'ada' },
      { type: 'message', sequence: 1, role: 'user', content: 'first' },
      { type: 'message', sequence: 2, role: 'user', content: 'second' },
    ])
  })

  it('drops a line that was torn anywhere, and writes the next one in its place', async () => {
    const { key, file } = await twoMessages()
    const whole = statSync(file).size
    const last = readFileSync(file, 'utf8').trimEnd().split('\n').at(-1) ?? ''

    for (let cut = 1; cut <= last.length; cut++) {
      truncateSync(file, whole - cut)
      expect(await contentsOf(key)).toEqual(['first'])

      const store = jsonlStore({ folder })
      const added = await store.messages.append(key, { role: 'user', content: 'second' })
      await store.close()

      expect(added.sequence).toBe(2)
      expect(statSync(file).size).toBe(whole)
    }
  })

  it('drops a last line whose middle never reached the disk', async () => {
    const { key, file } = await twoMessages()
    appendFileSync(file, '{"type":"message","sequ\0\0\0\0"}\n')

    expect(await contentsOf(key)).toEqual(['first', 'second'])
  })

  it('says that a file is damaged before its last line, and gives nothing that may be wrong', async () => {
    const { key, file } = await twoMessages()
    appendFileSync(file, 'not JSON\n{"type":"cleared","sequence":3,"createdAt":"2026-01-01"}\n')
    const store = jsonlStore({ folder })

    const failure = await store.messages.list(key).catch((error: unknown) => error)

    expect(failure).toMatchObject({
      code: 'SESSIONS_STORE_FAILED',
      message: 'The files of the session store failed.',
    })
    await store.close()
  })

  it('reads lines and characters that lie across the pieces in which a file is read', async () => {
    const store = jsonlStore({ folder })
    const key = { owner: 'ada', id: (await store.sessions.create({ owner: 'ada' })).id }
    const contents = Array.from({ length: 40 }, (_, index) => '👩é'.repeat(500 * index))
    for (const content of contents) await store.messages.append(key, { role: 'user', content })

    const found = await store.messages.list(key)

    expect(found.map(({ content }) => content)).toEqual(contents)
    await store.close()
  })

  it('keeps every whole line and nothing else, wherever in its bytes a file was torn', async () => {
    const texts = fc.array(fc.string({ unit: 'binary', minLength: 1, maxLength: 12 }), {
      minLength: 1,
      maxLength: 4,
    })
    await fc.assert(
      fc.asyncProperty(texts, fc.double({ min: 0, max: 1, noNaN: true }), async (said, share) => {
        const store = jsonlStore({ folder })
        const owner = 'ada'
        const key = { owner, id: (await store.sessions.create({ owner })).id }
        const [file = ''] = files()
        const header = statSync(file).size
        const ends: number[] = []
        for (const content of said) {
          await store.messages.append(key, { role: 'user', content })
          ends.push(statSync(file).size)
        }
        const before = (await store.messages.list(key)).map(({ content }) => content)
        const size = header + Math.floor(share * ((ends.at(-1) ?? header) - header))
        truncateSync(file, size)

        const whole = before.slice(0, ends.filter((end) => end <= size).length)
        expect((await store.messages.list(key)).map(({ content }) => content)).toEqual(whole)
        const added = await store.messages.append(key, { role: 'user', content: 'on' })
        expect(added.sequence).toBe(whole.length + 1)
        expect((await store.messages.list(key)).map(({ content }) => content)).toEqual([
          ...whole,
          'on',
        ])
        await store.upkeep.deleteOwner(owner)
        await store.close()
      }),
      { numRuns: 60 },
    )
  })

  it('leaves nothing behind of what a process was writing when it died', async () => {
    const { file } = await twoMessages()
    appendFileSync(`${file}.new`, 'a title of somebody')
    const orphan = file.replace(/\w{8}\.jsonl$/, '00000000.jsonl.new')
    appendFileSync(orphan, 'another title')
    const store = jsonlStore({ folder })

    expect(await store.upkeep.deleteInactive(new Date(0))).toBe(0)
    expect(files()).toEqual([file])
    appendFileSync(`${file}.new`, 'a title of somebody')
    const [{ id } = { id: '' }] = (await store.sessions.list({ owner: 'ada' })).items
    await store.sessions.delete({ owner: 'ada', id })

    expect(files()).toEqual([])
    await store.close()
  })

  it('leaves nothing on the disk of what was cleared or deleted', async () => {
    const { key } = await twoMessages()
    const store = jsonlStore({ folder })

    await store.messages.clear(key)
    const cleared = files()
      .map((file) => readFileSync(file, 'utf8'))
      .join('')
    await store.upkeep.deleteOwner('ada')

    expect(cleared).toContain('"type":"cleared"')
    expect(cleared).not.toContain('first')
    expect(globSync(join(folder, 'people', '*'))).toEqual([])
    await store.close()
  })

  it('keeps ids out of paths', async () => {
    const store = jsonlStore({ folder, createId: () => '../../escaped' })

    await store.sessions.create({ owner: '../..' })

    const names = globSync(join(folder, '**', '*')).filter((name) => name.includes('escaped'))
    expect(names).toEqual([])
    expect(files()).toHaveLength(1)
    await store.close()
  })

  it('gives up when somebody else holds the lock for too long', async () => {
    const { key } = await twoMessages()
    const [lock = ''] = globSync(join(folder, 'locks', '*'))
    const somebody = new DatabaseSync(lock)
    somebody.exec('BEGIN EXCLUSIVE')
    const store = jsonlStore({ folder, lockTimeoutMs: 0 })
    const append = () => store.messages.append(key, { role: 'user', content: 'third' })

    const failure = await append().catch((error: unknown) => error)
    somebody.close()
    const added = await append()

    expect(failure).toMatchObject({ code: 'SESSIONS_STORE_FAILED' })
    expect(added.sequence).toBe(3)
    await store.close()
  })

  it.for([{ folder: '' }, { folder: 'x', lockTimeoutMs: -1 }])('refuses %j', (options) => {
    expect(() => jsonlStore(options)).toThrow(/must be/)
  })
})
