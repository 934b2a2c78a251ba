// Eight MCP servers as one, beside the raw SDK with Promise.all, the LangChain adapters and mcp-use.
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { cpuInMemory, cpuOverStdio, type CallCosts } from './orchestrator/calls.ts'
import {
  timeAdapters,
  timeMcpUse,
  timeOrchestrator,
  timeRaw,
  withEight,
  withOneBad,
} from './orchestrator/eight.ts'
import type { heapPerServer } from './orchestrator/heap.ts'
import type { Bench, BenchRow } from './report/bench.ts'

const raw = 'raw SDK'
const rawGroup = 'raw SDK, server in a group of its own'
const langchain = 'LangChain adapters'
const mcpUse = 'mcp-use'

const bench: Bench = async ({ progress }) => {
  progress('tool calls')
  const inMemory = await cpuInMemory()
  const overStdio = await cpuOverStdio()
  progress('heap for each server')
  const heap = measuredHeap()
  progress('eight servers over HTTP')
  const eight = await withEight(async (servers) => ({
    ours: await timeOrchestrator(servers),
    raw: await timeRaw(servers),
    adapters: await timeAdapters(servers),
    mcpUse: await timeMcpUse(servers),
    failing: await withOneBad(servers, 500),
    hanging: await withOneBad(servers, 'hang'),
  }))

  const { ours, failing, hanging } = eight
  const extraHeap = heap.t2t - heap.raw
  const ratio = ours.connect / ours.slowestConnect
  const late = ours.gather - ours.slowestGather
  const rows: readonly BenchRow[] = [
    callRow('call-cpu-memory', 'CPU of a tool call in memory, client and server', inMemory),
    callRow('call-cpu-stdio', 'CPU of a tool call over stdio, client', overStdio),
    {
      id: 'connect-ratio',
      what: 'connecting 8 servers, beside the slowest of them',
      value: ratio,
      unit: 'times',
      peers: {},
      goal: 'at most 1.1 × the slowest',
      met: ratio <= 1.1,
    },
    {
      id: 'connect',
      what: 'connecting 8 servers, each request 50 ms, of one 150 ms',
      value: ours.connect,
      unit: 'ms',
      peers: {
        [raw]: eight.raw.connect,
        [langchain]: eight.adapters.connect,
        [mcpUse]: eight.mcpUse.connect,
      },
      goal: '',
      met: null,
    },
    {
      id: 'gather-late',
      what: 'gathering 8 servers, later than the slowest alone',
      value: late,
      unit: 'ms',
      peers: {},
      goal: 'within 10 ms of the slowest',
      met: late <= 10,
    },
    {
      id: 'gather',
      what: 'gathering 8 servers',
      value: ours.gather,
      unit: 'ms',
      peers: {
        [raw]: eight.raw.gather,
        [langchain]: eight.adapters.gather,
        [mcpUse]: eight.mcpUse.gather,
      },
      goal: '',
      met: null,
    },
    {
      id: 'gather-cached',
      what: 'gathering 8 servers from the cache',
      value: ours.cachedGather,
      unit: 'ms',
      peers: {},
      goal: 'under 1 ms',
      met: ours.cachedGather < 1,
    },
    ...[
      { id: 'one-failing', word: 'fails', outcome: failing },
      { id: 'one-hanging', word: 'hangs', outcome: hanging },
    ].map(({ id, word, outcome }) => ({
      id,
      what: `items when one of 8 servers ${word} (${outcome.lateMs.toFixed(0)} ms after its deadline)`,
      value: outcome.items,
      unit: 'items',
      peers: {},
      goal: "seven answers and a named failure by that server's own deadline",
      met: outcome.items === 7 && outcome.failures === 1 && outcome.lateMs < 50,
    })),
    {
      id: 'heap',
      what: 'heap of a connected server, with the SDK client and the server itself',
      value: heap.t2t / 1_024,
      unit: 'KB',
      peers: { [raw]: heap.raw / 1_024 },
      goal: "at most 5 KB beyond the SDK's client",
      met: extraHeap <= 5 * 1_024,
    },
  ]
  return rows
}

function callRow(
  id: string,
  what: string,
  { t2t = 0, raw: bare = 0, rawInGroup, langchain: other, mcpUse: third }: CallCosts,
): BenchRow {
  return {
    id,
    what,
    value: t2t,
    unit: 'µs',
    peers: {
      [raw]: bare,
      ...(rawInGroup === undefined ? {} : { [rawGroup]: rawInGroup }),
      ...(other === undefined ? {} : { [langchain]: other }),
      ...(third === undefined ? {} : { [mcpUse]: third }),
    },
    goal: 'at most 10 µs more than the raw SDK',
    met: t2t - bare <= 10,
  }
}

/** In a process of its own: what thousands of servers leave behind would be paid for by the calls. */
function measuredHeap(): Awaited<ReturnType<typeof heapPerServer>> {
  const script = join(import.meta.dirname, 'orchestrator', 'heap-process.ts')
  const args = ['--expose-gc', '--conditions=@t2t/source', script]
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' }))
}

export default bench
