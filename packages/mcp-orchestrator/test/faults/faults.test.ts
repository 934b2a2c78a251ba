import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { lanes } from './lanes.ts'
import { faultPage, faultRows } from './matrix.ts'

const page = join(import.meta.dirname, '../../../../docs/reference/faults.md')

describe.each(faultRows)('$fault', ({ happensIn, check }) => {
  it.for(lanes.filter(happensIn))('has its outcome with $name', { timeout: 60_000 }, (lane) =>
    expect(check(lane)).resolves.toBeUndefined(),
  )
})

describe('the page about faults', () => {
  it('has every row of the table, with the number of ways in which it is tried', async () => {
    const words = (text: string) => text.replace(/[\s|-]+/g, ' ')

    expect(words(await readFile(page, 'utf8'))).toBe(words(faultPage(lanes)))
  })
})
