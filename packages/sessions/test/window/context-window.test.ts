import {
  estimateTokens,
  fitWindow,
  memoryStore,
  readWindow,
  type Message,
  type MessageRole,
} from '@t2t/sessions'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

/** One token a character, and four a message. */
const countTokens = (text: string): number => text.length

function said(...messages: readonly (readonly [MessageRole, string])[]): readonly Message[] {
  return messages.map(([role, content], index) => ({
    sequence: index + 1,
    role,
    content,
    createdAt: '2026-01-01T00:00:00.000Z',
  }))
}

describe('a context window', () => {
  const talk = said(['user', 'aaaaaa'], ['assistant', 'bbbbbb'], ['user', 'cccccc'], ['user', 'd'])

  it('holds the latest messages that fit, and says that others were left out', () => {
    const window = fitWindow(talk, { maxTokens: 35, reserveTokens: 10, countTokens })

    expect(window).toEqual({
      messages: talk.slice(1),
      tokens: 25,
      isCut: true,
      isOverfull: false,
    })
  })

  it('holds everything when there is room to the last token', () => {
    const window = fitWindow(talk, { maxTokens: 36, reserveTokens: 1, countTokens })

    expect(window).toMatchObject({ messages: talk, tokens: 35, isCut: false, isOverfull: false })
  })

  it('reserves a quarter and preserves two messages unless it is told otherwise', () => {
    const window = fitWindow(talk, { maxTokens: 4, countTokens })

    expect(window).toMatchObject({ messages: talk.slice(2), isCut: true, isOverfull: true })
    expect(fitWindow(talk, { maxTokens: 34, countTokens }).messages).toEqual(talk.slice(1))
    expect(fitWindow(talk, { maxTokens: 33, countTokens }).messages).toEqual(talk.slice(1))
    expect(fitWindow(talk, { maxTokens: 32, countTokens }).messages).toEqual(talk.slice(2))
  })

  it('leaves no gap: a short message before a long one that does not fit is left out too', () => {
    const messages = said(['user', 'a'], ['assistant', 'b'.repeat(50)], ['user', 'c'])

    const window = fitWindow(messages, {
      maxTokens: 30,
      reserveTokens: 0,
      preserveRecent: 1,
      countTokens,
    })

    expect(window.messages).toEqual(messages.slice(2))
  })

  it('keeps what the system said', () => {
    const messages = said(['system', 'rules'], ['user', 'a'.repeat(90)], ['user', 'b'])

    const window = fitWindow(messages, {
      maxTokens: 20,
      reserveTokens: 0,
      preserveRecent: 1,
      countTokens,
    })

    expect(window.messages.map(({ content }) => content)).toEqual(['rules', 'b'])
  })

  it('never holds more than there is room for, unless it says so', () => {
    const message = fc.tuple(
      fc.constantFrom<MessageRole>('user', 'assistant', 'system'),
      fc.string({ maxLength: 40 }),
    )
    fc.assert(
      fc.property(
        fc.array(message, { maxLength: 30 }),
        fc.integer({ min: 1, max: 400 }),
        fc.integer({ min: 0, max: 5 }),
        (parts, maxTokens, preserveRecent) => {
          const messages = said(...parts)
          const window = fitWindow(messages, {
            maxTokens,
            reserveTokens: 0,
            preserveRecent,
            countTokens,
          })
          const tokens = window.messages.reduce((sum, { content }) => sum + content.length + 4, 0)
          expect(window.tokens).toBe(tokens)
          expect(window.isOverfull).toBe(tokens > maxTokens)
          const recent = preserveRecent === 0 ? [] : messages.slice(-preserveRecent)
          expect(window.messages).toEqual(expect.arrayContaining([...recent]))
        },
      ),
    )
  })

  it('is read from a store no further back than it has room', async () => {
    const store = memoryStore()
    const key = { owner: 'ada', id: (await store.sessions.create({ owner: 'ada' })).id }
    for (let index = 0; index < 450; index++) {
      await store.messages.append(key, { role: 'user', content: 'x'.repeat(6) })
    }
    const reads: (number | undefined)[] = []
    const counting = {
      messages: {
        ...store.messages,
        list: (...[at, query]: Parameters<typeof store.messages.list>) => {
          reads.push(query?.before)
          return store.messages.list(at, query)
        },
      },
    }

    const window = await readWindow(counting, key, {
      maxTokens: 1_500,
      reserveTokens: 0,
      countTokens,
    })
    const whole = await readWindow(store, key, { maxTokens: 1e6, countTokens })

    expect(window.messages.map(({ sequence }) => sequence)).toEqual(
      Array.from({ length: 150 }, (_, index) => 301 + index),
    )
    expect(reads).toEqual([undefined, 351])
    expect(whole.messages).toHaveLength(450)
    expect(whole.isCut).toBe(false)
  })

  it.for([
    ['maxTokens', { maxTokens: 0 }],
    ['reserveTokens', { maxTokens: 10, reserveTokens: 10 }],
    ['reserveTokens', { maxTokens: 10, reserveTokens: -1 }],
    ['preserveRecent', { maxTokens: 10, preserveRecent: 0.5 }],
  ] as const)('refuses %s in %j', ([field, options]) => {
    expect(() => fitWindow([], options)).toThrow(expect.objectContaining({ field }))
  })

  it.for([
    ['', 0],
    ['a', 1],
    ['SELECT 1', 3],
    ['你好', 2],
    ['👩', 2],
  ] as const)('estimates %j at %i tokens', ([text, tokens]) => {
    expect(estimateTokens(text)).toBe(tokens)
  })
})
