import { ConfigInvalidError, parseConfig } from '@t2t/mcp-orchestrator/config'
import { http, stdio } from '@t2t/mcp-orchestrator/sdk'
import { describe, expect, it } from 'vitest'

const secret = 's3cret'

async function refused(text: string, env: Readonly<Record<string, string>> = {}) {
  const error = await parseConfig(text, { env }).catch((reason: unknown) => reason)
  if (!(error instanceof ConfigInvalidError)) throw new Error('It was accepted.', { cause: error })
  expect(JSON.stringify([error.message, error.problems])).not.toContain(secret)
  return error.problems.map(({ path, message, code }) => [path, code, message])
}

const server = (fields: string) =>
  `mcp_servers: [{name: a, priority: 1, transport: http, url: 'https://a.example', ${fields}}]`
const program = (fields: string) =>
  `mcp_servers: [{name: a, priority: 1, transport: stdio, command: a, ${fields}}]`

describe('a hostile configuration', () => {
  it.for([
    ['mcp_servers: &a [*a]', 'holds itself'],
    [`mcp_servers: ${'['.repeat(500)}${']'.repeat(500)}`, 'is very deep'],
  ])('%s is refused', async ([text = '']) => {
    expect(await refused(text)).toEqual([
      ['', 'unreadable', 'holds more references than it may, or more levels.'],
    ])
  })

  it('is refused with no more than twenty mistakes when it is all mistakes', async () => {
    expect((await refused('['.repeat(20_000))).length).toBeLessThanOrEqual(20)
  })

  it('cannot multiply itself by references', async () => {
    const lists = 'bcdefgh'
      .split('')
      .map(
        (name, index) => `${name}: &${name} [${Array(9).fill(`*${'abcdefg'[index]}`).join(',')}]`,
      )

    expect(await refused(`a: &a [x,x,x,x,x,x,x,x,x]\n${lists.join('\n')}`)).toMatchObject([
      ['', 'unreadable', expect.any(String)],
    ])
  })

  it('cannot fill in a server by a merge key', async () => {
    const text = `mcp_servers: [&a {name: a, priority: 1, transport: stdio, command: a}, {<<: *a, name: b}]`

    expect(await refused(text)).toMatchObject([
      ['mcp_servers[1].transport', 'invalid', expect.any(String)],
    ])
  })

  it.for([
    ['a line end', `${secret}\r\nx-other: 1`],
    ['a character that no byte holds', `${secret}\u0142`],
  ])('cannot put %s into a header', async ([, value = '']) => {
    const problems = await refused(server(`headers: {x-key: 'Bearer \${KEY}'}`), { KEY: value })

    expect(problems).toEqual([
      ['mcp_servers[0].headers.x-key', 'invalid', 'cannot be sent as a header.'],
    ])
  })

  it('cannot put a NUL into a variable, nor "=" into the name of one', async () => {
    const problem = (name: string) => [[`mcp_servers[0].env.${name}`, 'invalid', 'cannot be set.']]

    expect(await refused(program("env: {A: '${KEY}'}"), { KEY: `${secret}\0` })).toEqual(
      problem('A'),
    )
    expect(await refused(program("env: {'A=B': x}"))).toEqual(problem('A=B'))
  })

  it('gets nothing of a variable but its text', async () => {
    const env = { A: '${B}', B: secret }
    const { options } = await parseConfig(program("args: ['${A}', '$${B}', '$$']"), { env })

    expect(options.servers[0]?.connector.description).toBe('stdio: a ${B} ${B} $$')
  })

  it.for(['${__proto__}', '${constructor}', '${}', '${A${B}', '${A B}'])(
    'has no variable %s',
    async (reference) => {
      const problems = await refused(program(`args: ['${reference}']`), { A: 'a', B: 'b' })

      expect(problems).toEqual([
        ['mcp_servers[0].args[0]', 'environment', expect.stringContaining('refers to')],
      ])
    },
  )
})

describe('options in code', () => {
  it('are refused when they cannot be sent or set, and no value is repeated', () => {
    const wrong = [
      () => http({ url: 'https://a.example', headers: { 'x-key': `${secret}\n${secret}` } }),
      () => http({ url: 'https://a.example', headers: { 'bad name': secret } }),
      () => stdio({ command: 'a', args: [`${secret}\0`] }),
      () => stdio({ command: 'a', env: { KEY: `${secret}\0` } }),
    ]
    for (const create of wrong) {
      expect(create).toThrow(/headers must be|must not hold|env must hold/)
      expect(create).not.toThrow(secret)
    }
  })

  it('may have blanks around the value of a header, as files of secrets do', () => {
    const headers = { authorization: `Bearer ${secret}\n` }

    expect(http({ url: 'https://a.example', headers }).description).toBe('http: https://a.example/')
  })
})
