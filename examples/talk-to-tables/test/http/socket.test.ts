import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { endDeadSockets } from '../../server/socket/visitors.ts'
import { as, configWithUsers, keys } from '../fixtures/keys.ts'
import { startModelServer, type ModelServer } from '../fixtures/model-server.ts'
import { startServer, type TestServer } from '../fixtures/server.ts'

interface Message {
  readonly type: string
  readonly id: string | null
  readonly sequence: number
  readonly data: Readonly<Record<string, unknown>>
}

let model: ModelServer
let server: TestServer
beforeAll(async () => {
  model = await startModelServer()
  const { OPENAI_BASE_URL: url, OPENAI_MODEL: name } = model.environment
  server = await startServer({ config: configWithUsers({ model: { base_url: url, name } }) })
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await model[Symbol.asyncDispose]()
})

const sql = { text: '```sql\nSELECT count(*) AS stores FROM stores\n```' }
const address = () => new URL('/ws/chat', server.url.replace('http', 'ws'))

/** A client that remembers what it was told. */
async function connect(headers: Readonly<Record<string, string>> = as('ada')) {
  const socket = new WebSocket(address(), { headers })
  const messages: Message[] = []
  const waiting: { readonly fits: (message: Message) => boolean; readonly tell: () => void }[] = []
  socket.on('message', (data: Buffer) => {
    messages.push(JSON.parse(data.toString()))
    for (const { tell } of waiting) tell()
  })
  await once(socket, 'open')
  const told = (type: string, id: string | null): Promise<Message> =>
    new Promise((resolve) => {
      const fits = (message: Message): boolean => message.type === type && message.id === id
      const tell = (): void => {
        const found = messages.find(fits)
        if (found !== undefined) resolve(found)
      }
      waiting.push({ fits, tell })
      tell()
    })
  return {
    socket,
    messages,
    told,
    send: (message: object) => socket.send(JSON.stringify(message)),
    async leave() {
      socket.terminate()
      await once(socket, 'close')
    },
  }
}

describe('/ws/chat', () => {
  it('tells the steps of a question in order, and then its answer', async () => {
    model.script(sql)
    const client = await connect()
    client.send({ type: 'ask', id: 'one', query: 'how many stores do we run' })

    const answer = await client.told('answer', 'one')

    expect(answer.data).toMatchObject({ success: true, data: { results: { rows: [[12]] } } })
    expect(client.messages.map(({ sequence }) => sequence)).toEqual(
      client.messages.map((_, index) => index + 1),
    )
    expect(client.messages[0]).toMatchObject({ type: 'step', data: { step: 'understand' } })
    await client.leave()
  })

  it('cancels a question, and the call of the model with it', async () => {
    model.script('silence')
    const client = await connect()
    const [arrived, left] = [model.arrived(), model.left()]
    client.send({ type: 'ask', id: 'slow', query: 'how many stores do we run' })
    await arrived

    client.send({ type: 'cancel', id: 'slow' })

    await left
    expect(await client.told('error', 'slow')).toMatchObject({ data: { code: 'cancelled' } })
    await client.leave()
  })

  it('goes on where a client was cut off', async () => {
    model.script('silence')
    const first = await connect()
    const arrived = model.arrived()
    first.send({ type: 'ask', id: 'again', query: 'how many stores do we run' })
    await arrived
    const seen = first.messages.length
    await first.leave()

    model.script(sql)
    model.drop()
    const second = await connect()
    second.send({ type: 'resume', id: 'again', after: seen })
    const answer = await second.told('answer', 'again')

    expect(answer.data).toMatchObject({ success: true })
    expect(second.messages[0]?.sequence).toBe(seen + 1)
    await second.leave()
  })

  it('gives nobody the question of another', async () => {
    model.script(sql)
    const ada = await connect()
    ada.send({ type: 'ask', id: 'mine', query: 'how many stores do we run' })
    await ada.told('answer', 'mine')
    const grace = await connect(as('grace'))
    grace.send({ type: 'resume', id: 'mine' })

    expect(await grace.told('error', 'mine')).toMatchObject({
      data: { code: 'question-not-found' },
    })
    await Promise.all([ada.leave(), grace.leave()])
  })

  it.for([
    ['nothing', '', null],
    ['no JSON', '{', null],
    ['no type', '{"id":"x"}', 'x'],
    ['a member that there is not', '{"type":"cancel","id":"x","all":true}', 'x'],
  ] as const)('says what is wrong with a message of %s', async ([, text, id]) => {
    const client = await connect()
    client.socket.send(text)
    expect(await client.told('error', id)).toMatchObject({ data: { code: 'structure-invalid' } })
    await client.leave()
  })

  it('closes on a flood of messages, and on one that is too long', async () => {
    const flood = await connect()
    for (let sent = 0; sent <= 101; sent++) flood.send({ type: 'cancel', id: 'x' })
    expect((await once(flood.socket, 'close'))[0]).toBe(1008)

    const long = await connect()
    long.socket.send('x'.repeat(70_000))
    expect((await once(long.socket, 'close'))[0]).toBe(1009)
  })

  it('lets in who has a key, also as pages send it, and nobody else', async () => {
    const status = (headers: Record<string, string>, protocols: string[] = []) =>
      new Promise((resolve) => {
        const socket = new WebSocket(address(), protocols, { headers })
        socket.on('open', () => {
          resolve(`open ${socket.protocol}`)
          socket.terminate()
        })
        socket.on('unexpected-response', (_, { statusCode }) => {
          resolve(statusCode)
          socket.terminate()
        })
        socket.on('error', () => undefined)
      })
    expect(await status({})).toBe(401)
    expect(await status({ ...as('ada'), origin: 'https://evil.example' })).toBe(403)
    expect(await status({}, ['t2t', `t2t.key.${keys.ada.key}`])).toBe('open t2t')
  })
})

describe('a socket', () => {
  it('is closed with the next message when its key was taken away', async () => {
    await using own = await startServer({ config: configWithUsers() })
    const socket = new WebSocket(new URL('/ws/chat', own.url.replace('http', 'ws')), {
      headers: as('ada'),
    })
    await once(socket, 'open')
    const { auth } = configWithUsers()
    const without = auth.api_keys.filter(({ name }) => name !== 'ada')
    await own.application.reload(configWithUsers({ auth: { api_keys: without } }))
    const closed = once(socket, 'close')
    socket.send(JSON.stringify({ type: 'ask', id: 'late', query: 'SELECT 1' }))

    const [code] = await closed
    expect(code).toBe(1008)
  })

  it('is refused to who has many open already', async () => {
    const sockets = Array.from(
      { length: 33 },
      () => new WebSocket(address(), { headers: as('grace') }),
    )
    const codes: number[] = []
    const first = new Promise<void>((resolve) => {
      for (const socket of sockets)
        socket.on('close', (code) => {
          codes.push(code)
          resolve()
        })
    })
    await first
    expect(codes).toEqual([1013])
    for (const socket of sockets) socket.terminate()
  })

  it('takes no frame that is larger than a message may be, and no compressed one', async () => {
    const { socket } = await connect()
    expect(socket.extensions).toBe('')
    const closed = once(socket, 'close')
    socket.send('x'.repeat(100_000))
    const [code] = await closed
    expect(code).toBe(1009)
  })

  it('whose other end says nothing any more is ended', async () => {
    const sockets = new WebSocketServer({ port: 0, host: '127.0.0.1' })
    using _watching = endDeadSockets(sockets, 20)
    await once(sockets, 'listening')
    const { port } = sockets.address() as AddressInfo
    const [deaf, lively] = [
      new WebSocket(`ws://127.0.0.1:${port}`, { autoPong: false }),
      new WebSocket(`ws://127.0.0.1:${port}`),
    ]
    await once(deaf, 'close')
    expect(deaf.readyState).toBe(WebSocket.CLOSED)
    lively.terminate()
    sockets.close()
  })
})
