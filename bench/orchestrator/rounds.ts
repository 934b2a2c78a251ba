// Connects, kills and reconnects over stdio 1,000 times; nothing may stay behind. Run it: node --conditions=@t2t/source bench/orchestrator/rounds.ts [rounds]
// The heap grows by what the compiler makes of functions that are called more and more, and by nothing else: it stays
// where it is with --expose-gc --no-opt --no-maglev --no-sparkplug.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createOrchestrator } from '@t2t/mcp-orchestrator'
import { stdio } from '@t2t/mcp-orchestrator/sdk'

const rounds = Number(process.argv[2] ?? 1_000)
// A server in a few lines, so that a round costs the start of a process and little else.
const program = `
let buffer = ''
process.stdin.on('data', (chunk) => {
  buffer += chunk
  for (let end; (end = buffer.indexOf('\\n')) >= 0; buffer = buffer.slice(end + 1)) {
    const { id, method, params } = JSON.parse(buffer.slice(0, end))
    const result =
      method === 'initialize'
        ? { protocolVersion: params.protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 'tiny', version: '1' } }
        : { content: [{ type: 'text', text: String(process.pid) }] }
    if (id !== undefined) process.stdout.write(JSON.stringify({ jsonrpc: '2.0', id, result }) + '\\n')
  }
})
process.stdin.on('end', () => process.exit())
`
const pids = new Set<number>()
const orchestrator = createOrchestrator({
  servers: [
    {
      name: 'tiny',
      priority: 1,
      connector: stdio({ command: process.execPath, args: ['-e', program] }),
    },
  ],
})

const listenersOf = (): number =>
  process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0)
const start = performance.now()
let early = 0
let listenersBefore = 0
for (let round = 1; round <= rounds; round++) {
  assert.deepEqual(await orchestrator.connect(), [])
  const outcome = await orchestrator.callTool({ server: 'tiny', tool: 'pid', input: {} })
  assert.equal(outcome.kind, 'result')
  const pid = outcome.kind === 'result' ? Number(outcome.text) : 0
  assert.ok(!pids.has(pid))
  pids.add(pid)
  process.kill(pid, 'SIGKILL')
  while (isAlive(pid) || orchestrator.getStatus().servers[0]?.state === 'ready') {
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  if (round === Math.min(50, rounds)) {
    early = heap()
    listenersBefore = listenersOf()
  }
  if (round % 100 === 0) process.stderr.write(`${round}\n`)
}
await orchestrator.close()
// The last handles are let go of in the next turns of the event loop.
await new Promise((resolve) => setTimeout(resolve, 100))

const left = {
  processes: [...pids].filter(isAlive).length,
  handles: process.getActiveResourcesInfo().filter((name) => /Process|Timeout|Socket/.test(name)),
  listeners: listenersOf() - listenersBefore,
}
process.stdout.write(
  `${JSON.stringify({ rounds, seconds: Math.round((performance.now() - start) / 1_000), ...left, heapGrowthKb: Math.round((heap() - early) / 1_024) })}\n`,
)
assert.equal(left.processes, 0)
assert.deepEqual(left.handles, [])
assert.ok(left.listeners <= 0)

/** Whether a process runs. One that has ended but was not yet collected by its parent does not. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return process.platform !== 'linux' || !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}

function heap(): number {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed
}
