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

  it('is written by one process at a time, and let go by one that died', async () => {
    const path = fresh()
    // Another process that lives: the one that started this one.
    writeFileSync(`${path}.lock`, String(process.ppid))
    await expect(openAuditLog({ path })).rejects.toThrow('written by another process')
    writeFileSync(`${path}.lock`, '999999999')
    await written(path, 1)
    expect(await verifyAuditLog(path)).toMatchObject({ records: 1 })
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
