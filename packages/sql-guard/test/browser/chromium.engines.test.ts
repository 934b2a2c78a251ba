import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { chromium, type Browser, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { honestTwins } from '../attacks/attack.ts'
import * as postgres from '../attacks/postgres/reading.ts'
import { postgresAttacks } from '../attacks/postgres/postgres.attacks.ts'
import * as sqlite from '../attacks/sqlite/reading.ts'
import { sqliteAttacks } from '../attacks/sqlite/sqlite.attacks.ts'
import { worldCatalog, worldPolicy } from '../attacks/world.ts'
import { bundleForBrowser, wasmFile } from './fixtures/bundle.ts'
import { type Questions, verdictsOn } from './fixtures/page.ts'

const executablePath = '/usr/bin/chromium'
const isMissing = !existsSync(executablePath) && process.env['T2T_REQUIRE_ENGINES'] !== '1'
const args = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Every tenth text of a list. */
function some(texts: readonly string[]): readonly string[] {
  return texts.filter((_, index) => index % 10 === 0)
}

const questions: readonly Questions[] = [
  {
    dialect: 'postgres',
    policy: worldPolicy,
    catalog: worldCatalog('postgres', 'public'),
    texts: some([
      ...postgresAttacks.map(({ sql }) => sql),
      ...honestTwins(postgres.places, postgres.constants),
    ]),
  },
  {
    dialect: 'sqlite',
    policy: worldPolicy,
    catalog: worldCatalog('sqlite', 'main'),
    texts: some([
      ...sqliteAttacks.map(({ sql }) => sql),
      ...honestTwins(sqlite.places, sqlite.constants),
    ]),
  },
]

describe.skipIf(isMissing)('the guard in Chromium', () => {
  let browser: Browser
  let page: Page

  beforeAll(async () => {
    const { text } = await bundleForBrowser(join(import.meta.dirname, 'fixtures', 'page.ts'))
    browser = await chromium.launch({ executablePath, args })
    page = await browser.newPage()
    // Everything that the page asks for comes from here; the address is never looked up.
    await page.route('**/*', (route) => {
      const { pathname } = new URL(route.request().url())
      if (pathname === '/libpg-query.wasm') {
        return route.fulfill({ contentType: 'application/wasm', body: readFileSync(wasmFile) })
      }
      return pathname === '/guard.js'
        ? route.fulfill({ contentType: 'text/javascript', body: text })
        : route.fulfill({ contentType: 'text/html', body: '<script src="/guard.js"></script>' })
    })
    await page.goto('http://guard.test/')
  }, 60_000)

  afterAll(() => browser.close())

  it.for(questions)('decides as it does in Node about texts for $dialect', async (asked) => {
    const expected = await verdictsOn(asked)
    const given = await page.evaluate(
      (each) => (globalThis as unknown as { verdictsOn: typeof verdictsOn }).verdictsOn(each),
      asked,
    )

    expect(asked.texts.length).toBeGreaterThan(100)
    expect(new Set(expected.map(({ kind }) => kind)).size).toBe(2)
    expect(given).toEqual(JSON.parse(JSON.stringify(expected)))
  })
})
