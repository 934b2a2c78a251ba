import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setImmediate } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import { hasSqlite } from './has-sqlite.ts'

const eternity =
  'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n'
const folder = mkdtempSync(join(tmpdir(), 'orphan-'))

afterEach(() => rmSync(folder, { recursive: true, force: true }))

function readProcess(pid: number | undefined, file: string): string {
  const path = `/proc/${pid}/${file}`
  return existsSync(path) ? readFileSync(path, 'utf8') : ''
}

/** State and used ticks of a process; one that ended, but that nobody asked about, is a Z. */
function statusOf(pid: number): { readonly isGone: boolean; readonly ticks: number } {
  const [, state = 'X', ...fields] = readProcess(pid, 'stat').split(/.*\) | /)
  return { isGone: /[ZX]/.test(state), ticks: Number(fields[10] ?? 0) }
}

describe.skipIf(!hasSqlite || process.platform !== 'linux')('the process of sqlite', () => {
  it('ends with a program that was killed, although a statement computes in it', async () => {
    const path = join(folder, 'empty.db')
    new DatabaseSync(path).close()
    const program = fileURLToPath(new URL('orphan-parent.ts', import.meta.url))
    const parent = spawn(process.execPath, ['--conditions=@t2t/source', program, path, eternity], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await once(parent.stdout, 'data')
    const child = Number(readProcess(parent.pid, `task/${parent.pid}/children`).trim())
    const atFirst = statusOf(child).ticks
    while (statusOf(child).ticks < atFirst + 10) await setImmediate()

    parent.kill('SIGKILL')
    await once(parent, 'exit')
    while (!statusOf(child).isGone) await setImmediate()

    expect(child).toBeGreaterThan(0)
  }, 240_000)
})
