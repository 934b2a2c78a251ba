import { noop, pipe, systemClock, type Policy } from '@t2t/resilience'
import { createSeededRandom, createFakeClock, scriptedOperation } from '@t2t/resilience/testing'
import { describe, expect, it } from 'vitest'
import { calm, failureOf } from '../fixtures.ts'

describe('pipe', () => {
  it('puts the first policy outermost', async () => {
    const log: string[] = []
    const tell =
      (name: string): Policy =>
      (operation) =>
      async (context) => {
        log.push(`${name} begins`)
        const value = await operation(context)
        log.push(`${name} ends`)
        return value
      }

    await pipe(tell('outer'), noop(), tell('inner'))(async () => log.push('work'))(calm())

    expect(log).toEqual(['outer begins', 'inner begins', 'work', 'inner ends', 'outer ends'])
  })

  it('is the operation itself when there are no policies', () => {
    const work = async (): Promise<number> => 1

    expect(pipe()(work)).toBe(work)
  })
})

describe('createSeededRandom', () => {
  it('gives the same numbers for the same seed, from 0 to 1', () => {
    const [first, second, other] = [1, 1, 2].map(createSeededRandom)
    const draw = (random: (() => number) | undefined): number[] =>
      Array.from({ length: 200 }, () => random?.() ?? Number.NaN)
    const numbers = draw(first)

    expect(draw(second)).toEqual(numbers)
    expect(draw(other)).not.toEqual(numbers)
    expect(Math.min(...numbers)).toBeGreaterThanOrEqual(0)
    expect(Math.max(...numbers)).toBeLessThan(1)
    expect(numbers.filter((number) => number < 0.5).length).toBeGreaterThan(70)
  })
})

describe('scriptedOperation', () => {
  it('follows its script, repeats the last step and keeps what happened', async () => {
    const clock = createFakeClock()
    const operation = scriptedOperation<number>(
      [{ afterMs: 10, error: 'busy' }, { value: 7 }],
      clock,
    )

    const outcomes = [
      await failureOf(operation(calm())),
      await operation(calm()),
      await operation(calm()),
    ]

    expect(outcomes).toEqual(['busy', 7, 7])
    expect(operation.calls.map(({ at }) => at)).toEqual([0, 10, 10])
  })

  it('says so when its script is empty', async () => {
    expect(await failureOf(scriptedOperation([], systemClock)(calm()))).toMatchObject({
      message: 'The script of the operation is empty.',
    })
  })
})
