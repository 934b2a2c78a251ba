import { consecutiveFailures, failureRatio, type OutcomeWindow } from '@t2t/resilience'
import { createFakeClock } from '@t2t/resilience/testing'
import { describe, expect, it } from 'vitest'

function noteAll(window: OutcomeWindow, outcomes: string): string {
  return Array.from(outcomes, (outcome) => (window.note(outcome === 'x') ? '!' : outcome)).join('')
}

describe('failureRatio over calls', () => {
  it('decides nothing before it has seen enough calls', () => {
    const window = failureRatio({ ratio: 0.5, minCalls: 4, overCalls: 10 })(createFakeClock())

    expect(noteAll(window, 'xxxx')).toBe('xxx!')
  })

  it('opens at its ratio, also when that is all of them', () => {
    const clock = createFakeClock()
    const half = failureRatio({ ratio: 0.5, minCalls: 4, overCalls: 10 })(clock)
    const all = failureRatio({ ratio: 1, minCalls: 3, overCalls: 3 })(clock)

    expect(noteAll(half, '..xx')).toBe('..x!')
    expect(noteAll(all, 'x.xxx')).toBe('x.xx!')
  })

  it('forgets what lies further back than its window', () => {
    const window = failureRatio({ ratio: 0.5, minCalls: 4, overCalls: 4 })(createFakeClock())

    expect(noteAll(window, 'x......x')).toBe('x......x')
  })
})

describe('failureRatio over time', () => {
  it('forgets what is older than its window', async () => {
    const clock = createFakeClock({ advancesItself: false })
    const window = failureRatio({ ratio: 0.5, minCalls: 2, overMs: 1_000 })(clock)

    const first = noteAll(window, '.x')
    await clock.advance(1_100)
    const second = noteAll(window, 'x')
    await clock.advance(300)
    const third = noteAll(window, 'x')

    expect([first, second, third]).toEqual(['.!', 'x', '!'])
  })

  it('lets old outcomes go slice by slice', async () => {
    const clock = createFakeClock({ advancesItself: false })
    const window = failureRatio({ ratio: 0.6, minCalls: 1, overMs: 1_000 })(clock)
    const seen: string[] = []

    for (const outcomes of ['.....', '..x', 'x', 'x', 'x', 'x']) {
      seen.push(noteAll(window, outcomes))
      await clock.advance(200)
    }

    expect(seen).toEqual(['.....', '..x', 'x', 'x', 'x', '!'])
  })

  it('refuses options that cannot work', () => {
    expect(() => failureRatio({})).toThrow('exactly one of overMs and overCalls')
    expect(() => failureRatio({ overMs: 1, overCalls: 20 })).toThrow('exactly one of')
    expect(() => failureRatio({ overCalls: 5, minCalls: 6 })).toThrow(
      'overCalls must be an integer from 6 up, got 5.',
    )
    expect(() => failureRatio({ overMs: 1, ratio: 1.5 })).toThrow(
      'ratio must be above 0 and at most 1, got 1.5.',
    )
  })
})

describe('consecutiveFailures', () => {
  it('begins again after a success', () => {
    expect(noteAll(consecutiveFailures(3)(createFakeClock()), 'xx.xxx')).toBe('xx.xx!')
  })
})
