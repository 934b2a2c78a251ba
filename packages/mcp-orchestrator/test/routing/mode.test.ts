import { describe, expect, it } from 'vitest'
import { notesServer, orchestrate } from '../fixtures/scripted.ts'

const names = (items: readonly { readonly server: string }[]) => [
  ...new Set(items.map(({ server }) => server)),
]

describe('the mode single', () => {
  it('asks the primary server alone, and connects to no other', async () => {
    const other = notesServer('metadata', { priority: 1 })
    const { orchestrator } = orchestrate([notesServer('database').server, other.server], {
      mode: 'single',
      primary: 'database',
    })

    await orchestrator.connect()
    const { items, mode, isComplete } = await orchestrator.gather()

    expect({ servers: names(items), mode, isComplete }).toEqual({
      servers: ['database'],
      mode: 'single',
      isComplete: true,
    })
    expect(other.connector.requests).toEqual([])
  })
})

describe('the mode auto', () => {
  it('asks all servers when all are ready', async () => {
    const { orchestrator } = orchestrate(
      [notesServer('database').server, notesServer('metadata').server],
      { mode: 'auto', primary: 'database' },
    )
    await orchestrator.connect()

    const { items, mode } = await orchestrator.gather()

    expect({ servers: names(items), mode }).toEqual({
      servers: ['database', 'metadata'],
      mode: 'multi',
    })
  })

  it('does not wait for a server that is not ready, names it, and connects to it meanwhile', async () => {
    const late = notesServer('metadata')
    late.connector.fail('connect', 'hang', 1)
    const { orchestrator, clock } = orchestrate([notesServer('database').server, late.server], {
      mode: 'auto',
      primary: 'database',
    })

    const { items, failures, mode, isComplete } = await orchestrator.gather()

    expect(clock.now()).toBe(0)
    expect({ servers: names(items), mode, isComplete }).toEqual({
      servers: ['database'],
      mode: 'single',
      isComplete: false,
    })
    expect(failures).toMatchObject([{ server: 'metadata', kind: 'unreachable' }])
    expect(orchestrator.getStatus().servers[1]?.state).toBe('connecting')
    await orchestrator.close()
  })
})

describe('a mode that needs a primary server', () => {
  it.for(['single', 'auto'] as const)('%s is refused without one', (mode) => {
    const { server } = notesServer('one')

    expect(() => orchestrate([server], { mode })).toThrow(`primary must name a server`)
    expect(() => orchestrate([server], { mode, primary: 'two' })).toThrow('primary must name')
  })
})
