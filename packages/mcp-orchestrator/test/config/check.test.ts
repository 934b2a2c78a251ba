import { checkText, ConfigInvalidError, configSchema } from '@t2t/mcp-orchestrator/config'
import { expect, it } from 'vitest'
import { z } from 'zod'

const schema = z.strictObject({ ...configSchema.shape, port: z.int().min(1) })
const servers = 'mcp_servers:\n  - {name: a, priority: 1, transport: stdio, command: node}\n'

it('reads a configuration that holds fields of its own beside those of the servers', () => {
  const read = checkText(`port: 80\n${servers}`, schema)
  expect(read.port).toBe(80)
  expect(read.mcp_servers.map(({ name }) => name)).toEqual(['a'])
})

it('tells what a further check found with its place, and only when the schema is satisfied', () => {
  const further = () => [
    { path: ['mcp_servers', 0, 'name'], message: 'is taken.', code: 'duplicate' as const },
  ]
  const problemsOf = (text: string): unknown => {
    try {
      return checkText(text, schema, { further })
    } catch (error) {
      return error instanceof ConfigInvalidError ? error.problems : error
    }
  }
  expect(problemsOf(`port: 80\n${servers}`)).toEqual([
    { path: 'mcp_servers[0].name', message: 'is taken.', code: 'duplicate', line: 3, column: 6 },
  ])
  expect(problemsOf(`port: 0\n${servers}`)).toMatchObject([{ path: 'port', line: 1 }])
})

it('tells the permitted values of the field that tells two forms apart', () => {
  const text = 'port: 80\nmcp_servers: [{name: a, priority: 1, transport: pigeon}]'
  expect(() => checkText(text, schema)).toThrow('must be one of stdio, http, sse')
})
