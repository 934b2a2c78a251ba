import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { z } from 'zod'
import { verifyAuditLog } from '../../server/audit/verify.ts'
import { as, keys } from '../fixtures/keys.ts'
import '../fixtures/patience.ts'
import { startProcess, type Running } from '../fixtures/process.ts'

const hasNginx = spawnSync('nginx', ['-v']).status === 0
const folder = mkdtempSync(join(tmpdir(), 't2t-nginx-'))
const name = `t2t_nginx_${randomUUID().slice(0, 8)}`
const postgres = 'postgres://postgres@127.0.0.1:5432'
const audit = join(folder, 'audit.jsonl')
const deployed = join(import.meta.dirname, '..', '..', 'deploy', 'nginx.conf')

async function administer(sql: string): Promise<void> {
  const client = new Client({ connectionString: `${postgres}/postgres` })
  await client.connect()
  await client.query(sql)
  await client.end()
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', () => resolve()))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => void server.close(resolve))
  return port
}

/** The configuration that is deployed, in front of these processes. */
async function startNginx(port: number, processes: readonly Running[]): Promise<ChildProcess> {
  const servers = processes.map(({ url }) => `server ${new URL(url).host};`).join('\n  ')
  const site = readFileSync(deployed, 'utf8')
    .replaceAll('server talk-to-tables:8001;', servers)
    .replace('listen 8080;', `listen 127.0.0.1:${port};`)
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((part) => `${part}_temp_path ${join(folder, part)};`)
    .join(' ')
  const path = join(folder, 'nginx.conf')
  writeFileSync(
    path,
    `daemon off; pid ${join(folder, 'pid')}; error_log stderr notice; worker_processes 1;
events {}
http { access_log off; ${paths}
${site}
}`,
  )
  const nginx = spawn('nginx', ['-p', folder, '-c', path, '-e', 'stderr'])
  let said = ''
  await new Promise<void>((resolve, reject) => {
    nginx.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString()
      if (said.includes('start worker process ')) resolve()
    })
    nginx.once('exit', () => reject(new Error(said)))
  })
  return nginx
}

describe.skipIf(!hasNginx && process.env['T2T_REQUIRE_ENGINES'] !== '1')(
  'two processes behind one nginx',
  () => {
    let processes: readonly Running[] = []
    let nginx: ChildProcess
    let url = ''
    beforeAll(async () => {
      await administer(`CREATE DATABASE ${name}`)
      const config = join(folder, 'config.json')
      const { sha256 } = keys.ada
      writeFileSync(
        config,
        JSON.stringify({
          auth: {
            api_keys: [
              { name: 'ada', sha256, role: 'analyst' },
              { name: 'grace', sha256: keys.grace.sha256, role: 'analyst' },
            ],
          },
          roles: { analyst: { policies: ['analyst'] } },
          policies: { analyst: { limits: { maxRows: 5_000 } } },
          audit: { path: audit },
          databases: [{ name: 'shop', engine: 'demo' }],
          sessions: { store: 'postgres', url: `${postgres}/${name}` },
          redis: { url: 'redis://127.0.0.1:6379' },
          log: { level: 'silent' },
        }),
      )
      processes = await Promise.all([1, 2].map(() => startProcess({}, ['--config', config])))
      const port = await freePort()
      nginx = await startNginx(port, processes)
      url = `http://127.0.0.1:${port}`
    })
    afterAll(async () => {
      nginx.kill('SIGQUIT')
      await once(nginx, 'exit')
      for (const { child } of processes) child.kill('SIGTERM')
      await Promise.all(processes.map(({ end }) => end))
      await administer(`DROP DATABASE ${name} WITH (FORCE)`)
      rmSync(folder, { recursive: true })
    })

    const ask = (body: object, accept = 'application/json') =>
      fetch(new URL('/api/chat', url), {
        method: 'POST',
        headers: { ...as('ada'), accept, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })

    it('go on with a session wherever it began', async () => {
      const reply = z.object({
        success: z.literal(true),
        metadata: z.object({ session_id: z.string() }),
      })
      const first = reply.parse(await (await ask({ query: 'how many orders' })).json())
      const { session_id } = first.metadata
      for (let more = 0; more < 5; more++) {
        reply.parse(await (await ask({ query: 'SELECT count(*) FROM stores', session_id })).json())
      }
      const listed = await fetch(new URL(`/api/sessions/${session_id}/messages`, url), {
        headers: as('ada'),
      })
      const { messages } = z.object({ messages: z.array(z.unknown()) }).parse(await listed.json())
      expect(messages).toHaveLength(12)
    })

    it('stream steps, and talk over sockets', async () => {
      const text = await (await ask({ query: 'how many orders' }, 'text/event-stream')).text()
      expect(text.match(/^event: \w+/gm)?.at(-1)).toBe('event: answer')

      const socket = new WebSocket(new URL('/ws/chat', url.replace('http', 'ws')), {
        headers: as('ada'),
      })
      await once(socket, 'open')
      const answered = new Promise<unknown>((resolve) => {
        socket.on('message', (data: Buffer) => {
          const message: { readonly type: string } = JSON.parse(data.toString())
          if (message.type === 'answer') resolve(message)
        })
      })
      socket.send(JSON.stringify({ type: 'ask', id: 'a', query: 'SELECT count(*) FROM stores' }))
      expect(await answered).toMatchObject({ data: { data: { results: { rows: [[12]] } } } })
      socket.close()
      await once(socket, 'close')
    })

    it('give every page of rows that any of them has read, to its owner alone', async () => {
      const paged = z.object({
        rows: z.array(z.tuple([z.number()])),
        result_id: z.string(),
        next_cursor: z.string().nullable(),
      })
      const first = z
        .object({ data: z.object({ results: paged }) })
        .parse(await (await ask({ query: 'SELECT id FROM orders ORDER BY id LIMIT 2500' })).json())
      const { result_id: id, rows } = first.data.results
      const urls = processes.map((each) => each.url)
      for (const at of urls) {
        const read = (path: string, name: 'ada' | 'grace' = 'ada') =>
          fetch(new URL(`/api/results/${id}${path}`, at), { headers: as(name) })
        const second = paged.parse(await (await read('?cursor=1000')).json())
        const last = paged.parse(await (await read('?cursor=2000')).json())
        const all = [...rows, ...second.rows, ...last.rows].map(([order]) => order)
        expect(new Set(all).size).toBe(2_500)
        expect(all).toEqual(all.toSorted((a, b) => a - b))
        expect(last.next_cursor).toBeNull()
        const file = (await (await read('/csv')).text()).split('\r\n')
        expect(file).toEqual(['id', ...all.map(String), ''])
        expect((await read('', 'grace')).status).toBe(404)
        expect((await read('/csv', 'grace')).status).toBe(404)
      }
    })

    it('work once for one idempotency key, also at the same time', async () => {
      const key = { 'idempotency-key': randomUUID(), 'content-type': 'application/json' }
      const body = JSON.stringify({ query: 'SELECT count(*) FROM stores' })
      const replies = await Promise.all(
        [...processes, ...processes].map(async (each) => {
          const headers = { ...as('ada'), ...key }
          const reply = await fetch(new URL('/api/chat', each.url), {
            method: 'POST',
            headers,
            body,
          })
          return z.object({ response_id: z.string() }).parse(await reply.json()).response_id
        }),
      )
      expect(new Set(replies).size).toBe(1)
    })

    it('let a socket go on with what was asked at another one', async () => {
      const socketOf = async (): Promise<WebSocket> => {
        const socket = new WebSocket(new URL('/ws/chat', url.replace('http', 'ws')), {
          headers: as('ada'),
        })
        await once(socket, 'open')
        return socket
      }
      const answerAt = (socket: WebSocket): Promise<unknown> =>
        new Promise((resolve) => {
          socket.on('message', (data: Buffer) => {
            const message: { readonly type: string } = JSON.parse(data.toString())
            if (message.type !== 'step') resolve(message.type)
          })
        })
      const asking = await socketOf()
      const answered = answerAt(asking)
      asking.send(JSON.stringify({ type: 'ask', id: 'later', query: 'SELECT 1' }))
      expect(await answered).toBe('answer')
      asking.close()
      for (let again = 0; again < 4; again++) {
        const socket = await socketOf()
        const told = answerAt(socket)
        socket.send(JSON.stringify({ type: 'resume', id: 'later' }))
        expect(await told).toBe('answer')
        socket.close()
        await once(socket, 'close')
      }
    })

    it('write one audit log, whose chain holds', async () => {
      const many = Array.from({ length: 12 }, (_, at) => ask({ query: `SELECT ${at}` }))
      for (const reply of await Promise.all(many)) expect(reply.status).toBe(200)
      const verified = await verifyAuditLog(audit)
      expect(verified).toMatchObject({ holds: true })
    })

    it('answer when one of them has ended', async () => {
      const [first] = processes
      first?.child.kill('SIGTERM')
      await first?.end
      const answers = await Promise.all(
        [1, 2, 3, 4].map(async () => (await ask({ query: 'SELECT count(*) FROM stores' })).status),
      )
      expect(answers).toEqual([200, 200, 200, 200])
    })
  },
)
