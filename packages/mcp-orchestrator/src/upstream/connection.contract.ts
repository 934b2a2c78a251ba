import assert from 'node:assert/strict'
import { isOrchestratorError } from '../errors/errors.ts'
import type { Connection, Connector } from './connection.ts'

/** One promise of a connection, and how to see whether it is kept. */
export interface ConnectionPromise {
  readonly promise: string
  /** Rejects when the promise is broken. The connector must lead to {@link contractServer}. */
  readonly check: (connector: Connector) => Promise<void>
}

/** What a server must have for {@link connectionContract} to be checked against it. */
export const contractServer = {
  resources: [
    {
      uri: 'contract://greeting',
      name: 'greeting',
      mimeType: 'text/plain',
      text: 'Grüße, 世界 👋',
    },
    { uri: 'contract://empty', name: 'empty', mimeType: 'text/plain', text: '' },
  ],
  /** A resource whose content is `blob`: bytes as base64 text. */
  binary: {
    uri: 'contract://binary',
    name: 'binary',
    mimeType: 'application/octet-stream',
    blob: 'AAEC/w==',
  },
  tools: {
    /** Takes `text`, a string; answers with it as text, and as `structured: { text }`. */
    echo: 'echo',
    /** Takes nothing; answers with an error of its own and the text `broken`. */
    broken: 'broken',
    /** Takes nothing; never answers. */
    silent: 'silent',
  },
} as const

const { resources, binary, tools } = contractServer

/**
 * What every connection must do: run it against your own connector.
 *
 * @example
 * ```ts
 * import { test } from 'node:test'
 * import { stdio } from '@t2t/mcp-orchestrator/sdk'
 * import { connectionContract } from '@t2t/mcp-orchestrator/testing'
 *
 * for (const { promise, check } of connectionContract) {
 *   test(promise, () => check(stdio({ command: 'my-contract-server' })))
 * }
 * ```
 */
export const connectionContract: readonly ConnectionPromise[] = [
  promise('lists every resource with its name and type', async (connection) => {
    const listed = await connection.listResources(calm())
    assert.equal(listed.length, resources.length + 1)
    for (const { uri, name, mimeType } of [...resources, binary]) {
      const found = listed.find((resource) => resource.uri === uri)
      assert.deepEqual([found?.name, found?.mimeType], [name, mimeType])
    }
  }),
  promise('reads text as it was written', async (connection) => {
    for (const { uri, text, mimeType } of resources) {
      const [content] = await connection.readResource(uri, calm())
      assert.deepEqual([content?.uri, content?.text, content?.mimeType], [uri, text, mimeType])
    }
  }),
  promise('reads binary content as base64 text', async (connection) => {
    const [content] = await connection.readResource(binary.uri, calm())
    assert.deepEqual([content?.text, content?.blob], [undefined, binary.blob])
  }),
  promise('says that an unknown resource was refused, and lives on', async (connection) => {
    await rejectsWith('refused', connection.readResource('contract://nothing', calm()))
    assert.equal((await connection.readResource(binary.uri, calm())).length, 1)
  }),
  promise('lists every tool with the schema of its input', async (connection) => {
    const listed = await connection.listTools(calm())
    assert.deepEqual(listed.map(({ name }) => name).toSorted(), Object.values(tools).toSorted())
    assert.ok(listed.every(({ inputSchema }) => inputSchema['type'] === 'object'))
  }),
  promise('gives the text and the structure that a tool answered with', async (connection) => {
    const result = await connection.callTool(tools.echo, { text: 'hello' }, calm())
    assert.deepEqual(
      [result.isError, result.text, result.structured],
      [false, 'hello', { text: 'hello' }],
    )
  }),
  promise("gives a tool's own failure as a result", async (connection) => {
    const result = await connection.callTool(tools.broken, {}, calm())
    assert.deepEqual([result.isError, result.text], [true, 'broken'])
  }),
  promise('gives each of many calls at once its own answer', async (connection) => {
    const texts = Array.from({ length: 20 }, (_, index) => `call ${index}`)
    const results = await Promise.all(
      texts.map((text) => connection.callTool(tools.echo, { text }, calm())),
    )
    assert.deepEqual(
      results.map(({ text }) => text),
      texts,
    )
  }),
  promise('rejects with the reason of an abort, and lives on', async (connection) => {
    const controller = new AbortController()
    const call = connection.callTool(tools.silent, {}, controller.signal)
    const reason = new Error('no longer of interest')
    controller.abort(reason)
    assert.equal(await failureOf(call), reason)
    assert.equal(await failureOf(connection.listTools(controller.signal)), reason)
    assert.equal((await connection.callTool(tools.echo, { text: 'on' }, calm())).text, 'on')
  }),
  promise('can be closed twice, and is closed then', async (connection) => {
    await connection.close()
    await connection.close()
    await rejectsWith('closed', connection.listTools(calm()))
  }),
  promise('ends what is under way when it is closed', async (connection) => {
    const call = failureOf(connection.callTool(tools.silent, {}, calm()))
    await connection.close()
    assert.equal(kindOf(await call), 'closed')
  }),
  {
    promise: 'does not connect for a caller who is gone already',
    check: async (connector) => {
      const reason = new Error('gone')
      assert.equal(await failureOf(connector.connect(AbortSignal.abort(reason))), reason)
    },
  },
]

function promise(
  text: string,
  check: (connection: Connection) => Promise<void>,
): ConnectionPromise {
  return {
    promise: text,
    check: async (connector) => {
      const connection = await connector.connect(calm())
      try {
        await check(connection)
      } finally {
        await connection.close()
      }
    },
  }
}

/** A signal that never aborts. */
function calm(): AbortSignal {
  return new AbortController().signal
}

async function failureOf(call: Promise<unknown>): Promise<unknown> {
  try {
    await call
  } catch (error) {
    return error
  }
  return undefined
}

async function rejectsWith(kind: string, call: Promise<unknown>): Promise<void> {
  assert.equal(kindOf(await failureOf(call)), kind)
}

function kindOf(error: unknown): unknown {
  return isOrchestratorError(error) && 'kind' in error ? error.kind : error
}
