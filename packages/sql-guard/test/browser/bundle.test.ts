import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { bundleForBrowser } from './fixtures/bundle.ts'

const source = join(import.meta.dirname, '..', '..', 'src')
const parsers = /libpg-query|sqlite3-parser|node-sql-parser|src\/dialect\/(\w+)\//

describe('a bundle for browsers', () => {
  it('holds no parser and no dialect when it imports the root alone', async () => {
    const { inputs } = await bundleForBrowser(join(source, 'index.ts'))

    expect(inputs.length).toBeGreaterThan(20)
    expect(inputs.filter((file) => parsers.test(file))).toEqual([])
  })

  it('holds only the parser of the dialect that it imports', async () => {
    const { inputs } = await bundleForBrowser(join(source, 'sqlite.ts'))

    expect(inputs.some((file) => file.includes('sqlite3-parser'))).toBe(true)
    expect(inputs.filter((file) => /libpg-query|node-sql-parser/.test(file))).toEqual([])
  })
})
