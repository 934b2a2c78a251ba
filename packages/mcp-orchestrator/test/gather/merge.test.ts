import { mergeByPriority, type GatheredItem } from '@t2t/mcp-orchestrator'
import { describe, expect, it } from 'vitest'

function item(server: string, priority: number, text: string): GatheredItem {
  return {
    server,
    priority,
    uri: `${server}://terms`,
    text,
    trust: 'untrusted',
    bytes: text.length,
    isTruncated: false,
    fetchedAt: 0,
  }
}

const merge = (items: readonly GatheredItem[]) =>
  mergeByPriority(items, {
    read: ({ text }) => text.split(' ').map((pair) => pair.split('=')),
    keyOf: ([key = '']) => key,
  })

describe('merging by priority', () => {
  it('takes the entry of the lower number, and reports those that lost', () => {
    const { entries, conflicts } = merge([
      item('second', 20, 'sales=net returns=all'),
      item('first', 10, 'sales=gross'),
      item('third', 30, 'sales=other'),
    ])

    expect(entries.map(({ entry, item: { server } }) => [server, ...entry])).toEqual([
      ['first', 'sales', 'gross'],
      ['second', 'returns', 'all'],
    ])
    expect(conflicts).toMatchObject([
      {
        key: 'sales',
        winner: { entry: ['sales', 'gross'], item: { server: 'first' } },
        losers: [{ item: { server: 'second' } }, { item: { server: 'third' } }],
      },
    ])
  })

  it('takes the first of equal numbers', () => {
    const { entries } = merge([item('a', 5, 'x=1'), item('b', 5, 'x=2')])

    expect(entries.map(({ entry }) => entry)).toEqual([['x', '1']])
  })

  it('sees no conflict in saying the same twice', () => {
    const { conflicts } = merge([item('a', 1, 'x=1'), item('b', 2, 'x=1')])

    expect(conflicts).toEqual([])
  })
})
