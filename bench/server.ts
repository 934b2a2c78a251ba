// The reference server under load, beside a gateway that only passes the same requests on.
import { join } from 'node:path'
import type { Bench, BenchRow } from './report/bench.ts'
import { startChild } from './server/child.ts'
import { loadOf, type Load } from './server/load.ts'
import { startPortkey } from './server/portkey.ts'

const upstreamMs = 300
const users = 100
const seconds = 30
const peer = 'Portkey gateway'
const source = '--conditions=@t2t/source'
const example = join(import.meta.dirname, '..', 'examples', 'talk-to-tables')
const messages = [{ role: 'user', content: 'how many orders are there' }]

const bench: Bench = async ({ progress }) => {
  await using upstream = await startChild(
    [source, join(import.meta.dirname, 'server', 'upstream.ts'), String(upstreamMs)],
    /(\d+)\n/,
  )
  const model = `http://127.0.0.1:${upstream.said[1]}/v1`
  const portkey = await measurePortkey(model, progress)
  const ours = await measureOurs(model, progress)
  const added = (load: Load, share: 'p50' | 'p95' | 'p99'): number => load[share] - upstreamMs
  return [
    {
      id: 'errors',
      what: `errors of ${users} users in ${seconds} s, of ${ours.requests} chats`,
      value: ours.errors,
      unit: '',
      peers: { [peer]: portkey.errors },
      goal: 'no error',
      met: ours.errors === 0,
    },
    row('rate', 'chats a second', ours.requests / seconds, '/s', portkey.requests / seconds),
    ...(['p50', 'p95', 'p99'] as const).map((share) =>
      row(
        `added-${share}`,
        `added to the ${upstreamMs} ms of the model, ${share}; ours also reads a database`,
        added(ours, share),
        'ms',
        added(portkey, share),
      ),
    ),
    row('cpu', 'processor time for a chat', ours.cpuMs, 'ms', portkey.cpuMs),
    row('memory', 'memory after the load', ours.memoryMib, 'MiB', portkey.memoryMib),
  ]
}

async function measureOurs(model: string, progress: (line: string) => void): Promise<Load> {
  progress(`ours: ${users} users for ${seconds} s`)
  await using server = await startChild([source, 'start.ts'], /^Open\s+(\S+)[^]*Press Ctrl\+C/m, {
    cwd: example,
    env: {
      ...process.env,
      PORT: '0',
      NO_COLOR: '1',
      OPENAI_BASE_URL: model,
      OPENAI_MODEL: 'scripted',
    },
  })
  const body = { model: 't2t-shop', messages }
  return await loaded(server, server.said[1] ?? '', {}, body)
}

async function measurePortkey(model: string, progress: (line: string) => void): Promise<Load> {
  progress(`${peer}: ${users} users for ${seconds} s`)
  await using server = await startPortkey()
  const headers = {
    'x-portkey-provider': 'openai',
    'x-portkey-custom-host': model,
    authorization: 'Bearer x',
  }
  return await loaded(server, server.url, headers, { model: 'scripted', messages })
}

/** Warmed up first, so that no user pays for a compiler. */
async function loaded(
  server: Parameters<typeof loadOf>[0]['server'],
  url: string,
  headers: Readonly<Record<string, string>>,
  body: object,
): Promise<Load> {
  const options = { url, path: '/v1/chat/completions', headers, body, users, server }
  await loadOf({ ...options, seconds: 3 })
  return loadOf({ ...options, seconds })
}

function row(id: string, what: string, value: number, unit: string, other: number): BenchRow {
  return { id, what, value, unit, peers: { [peer]: other }, goal: '', met: null }
}

export default bench
