// Runs a statement that never ends in a process of its own, and says when that process is there.
import { sqlite } from '@t2t/database/sqlite'

const [, , path, sql = ''] = process.argv
const calm = new AbortController().signal
const engine = sqlite({ path, runsIn: 'own-process' })
await engine.ping(calm)
const caps = { maxRows: 1, maxBytes: 100, timeoutMs: 600_000 }
const reading = engine.read(sql, caps, calm)
process.stdout.write('running\n')
await reading
