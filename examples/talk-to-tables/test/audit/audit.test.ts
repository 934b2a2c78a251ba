import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { openAuditLog, type AuditLog } from '../../server/audit/audit-log.ts'
import { tailOf, verifyAuditLog } from '../../server/audit/verify.ts'
import { as, configWithUsers } from '../fixtures/keys.ts'
import { startServer } from '../fixtures/server.ts'

const folder = mkdtempSync(join(tmpdir(), 't2t-audit-'))
afterAll(() => rmSync(folder, { recursive: true }))

const fresh = (): string => join(folder, `${Math.random()}.jsonl`)
const entry = (outcome: string) =>
  ({ caller: 'key:ada', role: 'analyst', action: 'question', outcome }) as const

async function written(path: string, count: number, key?: string): Promise<void> {
  const log = await openAuditLog({ path, key })
  await Promise.all(Array.from({ length: count }, (_, at) => log.append(entry(`outcome ${at}`))))
  await log.close()
}

describe('the audit log', () => {
  it('chains its lines, also over several openings', async () => {
    const path = fresh()
    await written(path, 3)
    await written(path, 2)

    expect(await verifyAuditLog(path)).toMatchObject({ holds: true, records: 5 })
    expect((await tailOf(path, 2)).map(({ sequence }) => sequence)).toEqual([5, 4])
  })

  it.for([
    [
      'changed',
      (lines: readonly string[]) => lines.with(1, String(lines[1]).replace('ada', 'eve')),
      2,
    ],
    ['taken out', (lines: readonly string[]) => lines.toSpliced(1, 1), 2],
    ['put in', (lines: readonly string[]) => lines.toSpliced(1, 0, String(lines[0])), 2],
    ['swapped', ([a = '', b = '', ...more]: readonly string[]) => [b, a, ...more], 1],
    ['not a record', (lines: readonly string[]) => lines.with(2, '{}'), 3],
  ] as const)('tells where a line was %s, and is not continued', async ([, change, line]) => {
    const path = fresh()
    await written(path, 4)
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n')
    writeFileSync(path, `${change(lines).join('\n')}\n`)

    expect(await verifyAuditLog(path)).toMatchObject({ holds: false, line })
    await expect(openAuditLog({ path })).rejects.toThrow(`Line ${line} of the audit log`)
  })

  it('with a key holds for nobody who has not got it', async () => {
    const path = fresh()
    await written(path, 2, 'a key that is long enough')

    expect(await verifyAuditLog(path, 'a key that is long enough')).toMatchObject({ holds: true })
    expect(await verifyAuditLog(path)).toMatchObject({ holds: false, line: 1 })
  })

  it('goes on after a line that was being written when the process ended', async () => {
    const path = fresh()
    await written(path, 2)
    appendFileSync(path, '{"sequence":3,"ti')
    await written(path, 1)

    expect(await verifyAuditLog(path)).toMatchObject({ holds: true, records: 3 })
  })

  it('is one chain, also where several processes write it', async () => {
    const path = fresh()
    const logs = await Promise.all([1, 2, 3].map(() => openAuditLog({ path })))
    await Promise.all(
      logs.flatMap((log) =>
        Array.from({ length: 20 }, (_, at) => log.append(entry(`outcome ${at}`))),
      ),
    )
    await Promise.all(logs.map((log) => log.close()))

    expect(await verifyAuditLog(path)).toMatchObject({ holds: true, records: 60 })
  })

  it('goes on where another process died in the middle of a line', async () => {
    const path = fresh()
    const log = await openAuditLog({ path })
    await log.append(entry('first'))
    appendFileSync(path, '{"sequence":2,"ti')
    await log.append(entry('second'))
    await log.close()

    expect(await verifyAuditLog(path)).toMatchObject({ holds: true, records: 2 })
  })

  it.for([
    ['cut off', (text: string) => text.slice(0, text.indexOf('\n') + 1), 'cut off'],
    ['continued by somebody else', (text: string) => `${text}${text}`, 'Line 3 of the audit log'],
  ] as const)('takes no more lines when it was %s meanwhile', async ([, change, said]) => {
    const path = fresh()
    const log = await openAuditLog({ path })
    await log.append(entry('first'))
    await log.append(entry('second'))
    writeFileSync(path, change(readFileSync(path, 'utf8')))

    await expect(log.append(entry('third'))).rejects.toThrow(said)
    await log.close()
  })

  it('holds with a hash that was written down, and not when its line was cut off', async () => {
    const path = fresh()
    await written(path, 3)
    const before = readFileSync(path, 'utf8')
    const [first, , last] = (await tailOf(path, 3)).toReversed().map(({ hash }) => hash)
    expect(await verifyAuditLog(path, undefined, first)).toMatchObject({ holds: true })
    writeFileSync(path, before.split('\n').slice(0, 2).join('\n') + '\n')

    expect(await verifyAuditLog(path)).toMatchObject({ holds: true, records: 2 })
    expect(await verifyAuditLog(path, undefined, last)).toMatchObject({ holds: false, line: 3 })
  })

  it.for([
    ['a member twice', (text: string) => text.replace('"caller"', '"caller":"key:eve","caller"')],
    ['blanks', (text: string) => text.replace('{"sequence"', '{ "sequence"')],
    ['an escape', (text: string) => text.replace('key:ada', 'key\\u003aada')],
  ] as const)('shows a line that reads the same and was written with %s', async ([, change]) => {
    const path = fresh()
    await written(path, 2)
    writeFileSync(path, change(readFileSync(path, 'utf8')))

    expect(await verifyAuditLog(path)).toMatchObject({ holds: false, line: 1 })
  })

  it('keeps who asked and what became of it, and nothing that people wrote', async () => {
    const path = fresh()
    await using server = await startServer({ config: configWithUsers({ audit: { path } }) })
    await server.post('/api/chat', { query: 'how many orders in Vienna' }, { headers: as('ada') })
    await server.post('/api/chat', { query: 'SELECT email FROM customers' }, { headers: as('ada') })
    await server.post('/api/chat', { query: 'anything' })

    const records = await tailOf(path, 10)
    expect(records.toReversed()).toMatchObject([
      { caller: 'key:ada', action: 'question', details: { database: 'shop' } },
      { caller: 'key:ada', outcome: 'refused', details: { codes: 'column-unknown' } },
      { caller: '', action: 'refused-access', outcome: 'no-credentials' },
    ])
    expect(readFileSync(path, 'utf8')).not.toMatch(/Vienna|email/)
    const { body } = await server.get('/api/admin/audit?limit=1', as('admin'))
    expect(body).toMatchObject({ records: [{ action: 'refused-access' }] })
  })
})

it('is not filled by those who have no credentials', async () => {
  const path = fresh()
  await using server = await startServer({ config: configWithUsers({ audit: { path } }) })
  for (let asked = 0; asked < 80; asked++) await server.get('/v1/models')

  expect(await verifyAuditLog(path)).toMatchObject({ holds: true, records: 60 })
})

it('is closed with what it was given before', async () => {
  const path = fresh()
  const log: AuditLog = await openAuditLog({ path })
  const appended = log.append(entry('last'))
  await log.close()
  await appended
  expect(await verifyAuditLog(path)).toMatchObject({ records: 1 })
})
