import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { kinds, openStore, type OpenStore } from './open-store.ts'

const owner = 'ada'

describe.for(kinds)('a %s store shared by several processes', { timeout: 300_000 }, (kind) => {
  let folder = ''
  let opened: OpenStore
  let id = ''
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 't2t-sessions-'))
    opened = await openStore(kind, folder)
    id = (await opened.store.sessions.create({ owner })).id
  })
  afterEach(async () => {
    await opened[Symbol.asyncDispose]()
    rmSync(folder, { recursive: true })
  })

  function startWriter(
    count: number,
    where = folder,
  ): { readonly child: ChildProcess; readonly lines: string[] } {
    const child = spawn(
      process.execPath,
      [
        '--conditions=@t2t/source',
        join(import.meta.dirname, 'writer.ts'),
        kind,
        where,
        owner,
        id,
        String(count),
      ],
      { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, NODE_NO_WARNINGS: '1' } },
    )
    const lines: string[] = []
    let rest = ''
    child.stdout.on('data', (chunk: Buffer) => {
      const parts = `${rest}${chunk.toString()}`.split('\n')
      rest = parts.pop() ?? ''
      lines.push(...parts)
    })
    return { child, lines }
  }
  /** All messages, in the form in which writers acknowledge them. */
  async function stored(): Promise<readonly string[]> {
    const messages = await opened.store.messages.list({ owner, id }, { limit: 500 })
    return messages.map(({ sequence, content }) => `${sequence} ${content}`)
  }

  it('is made by the first of several that find nothing, also where one is killed meanwhile', async () => {
    const empty = join(folder, 'empty')
    mkdirSync(empty)
    const [doomed, ...others] = Array.from({ length: 4 }, () => startWriter(0, empty).child)
    const closed = others.map((child) => once(child, 'close'))
    const killed = doomed === undefined ? undefined : once(doomed, 'close')
    // A store of files makes nothing before the first session.
    const isBegun = (): boolean => kind === 'jsonl' || readdirSync(empty).length > 0
    await expect.poll(isBegun, { timeout: 120_000, interval: 1 }).toBe(true)
    doomed?.kill('SIGKILL')
    await killed

    expect(await Promise.all(closed)).toEqual([
      [0, null],
      [0, null],
      [0, null],
    ])
    await using made = await openStore(kind, empty)
    expect((await made.store.sessions.list({ owner })).items).toEqual([])
  })

  it('gives each of their messages a place of its own', async () => {
    const writers = Array.from({ length: 4 }, () => startWriter(25))

    await Promise.all(writers.map(({ child }) => once(child, 'close')))

    const found = await stored()
    expect(found.map((line) => parseInt(line, 10))).toEqual(
      Array.from({ length: 100 }, (_, index) => index + 1),
    )
    expect(found.toSorted()).toEqual(writers.flatMap(({ lines }) => lines).toSorted())
  })

  it('loses no acknowledged message when one is killed in the middle, and goes on', async () => {
    for (const after of [1, 10, 40]) {
      const { child, lines } = startWriter(150)
      const closed = once(child, 'close')
      child.stdout?.on('data', () => {
        if (lines.length >= after) child.kill('SIGKILL')
      })
      const [, signal] = await closed

      const found = new Set(await stored())

      expect(signal).toBe('SIGKILL')
      expect(lines.length).toBeGreaterThanOrEqual(after)
      expect(lines.filter((line) => !found.has(line))).toEqual([])
    }
    const last = await opened.store.messages.append({ owner, id }, { role: 'user', content: 'on' })
    const sequences = (await stored()).map((line) => parseInt(line, 10))
    expect(sequences).toEqual(Array.from({ length: last.sequence }, (_, index) => index + 1))
  })
})
