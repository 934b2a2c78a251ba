import { existsSync } from 'node:fs'
import { chromium, type Browser, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startServer, type TestServer } from '../fixtures/server.ts'

const executablePath = '/usr/bin/chromium'
const isMissing = !existsSync(executablePath) && process.env['T2T_REQUIRE_ENGINES'] !== '1'
const patienceMs = 150_000

describe.skipIf(isMissing)('the page', () => {
  let server: TestServer
  let browser: Browser
  let page: Page
  const troubles: string[] = []
  beforeAll(async () => {
    server = await startServer()
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] })
    page = await browser.newPage({ viewport: { width: 360, height: 740 } })
    page.setDefaultTimeout(patienceMs)
    page.on('pageerror', ({ message }) => troubles.push(message))
    page.on('dialog', (dialog) => {
      troubles.push(`dialog ${dialog.message()}`)
      void dialog.dismiss()
    })
    page.on('console', (message) => {
      if (message.type() === 'error') troubles.push(message.text())
    })
    await page.goto(server.url)
  })
  afterAll(async () => {
    await browser?.close()
    await server?.[Symbol.asyncDispose]()
  })

  /** Asks with keys alone, and waits until the answer is told. */
  const ask = async (query: string): Promise<string> => {
    await page.getByLabel('Your question').fill(query)
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Ask', exact: true }).waitFor()
    return (await page.getByRole('status').textContent()) ?? ''
  }

  it('tells an answer to those who see it, and to those who do not', async () => {
    expect(await ask('SELECT id FROM stores ORDER BY id')).toMatch(/^Answered\..* 12 rows\.$/)
    const table = page.getByRole('table').first()
    expect(await table.getByRole('columnheader').allTextContents()).toEqual(['id'])
    expect(await table.getByRole('cell').count()).toBe(12)
    expect(await page.locator('article pre').first().textContent()).toContain('FROM stores')
  })

  it('says how many rows it shows of many', async () => {
    await ask('SELECT id FROM orders ORDER BY id LIMIT 250')
    const table = page.getByRole('table').first()
    expect(await table.locator('caption').textContent()).toBe('250 rows, the first 100 shown')
    expect(await table.getByRole('cell').count()).toBe(100)
  })

  it('tells a refusal, and what it asks back', async () => {
    expect(await ask('DROP TABLE orders')).toMatch(/^Refused\. /)
    expect(await ask('show me the sales of foobar')).toMatch(/^Not clear yet\. /)
  })

  it('shows what is in cells, names and questions, and runs none of it', async () => {
    const evil = '<img src=x onerror=alert(1)><script>alert(2)</script>'
    await ask(`SELECT '${evil}' AS "${evil}"`)
    expect(await page.getByRole('cell').first().textContent()).toBe(evil)
    await ask(evil)
    expect(await page.locator('article h2').first().textContent()).toBe(evil)
    expect(await page.locator('article img, article script').count()).toBe(0)
  })

  it('is no wider than a phone, whatever it shows', async () => {
    await ask('SELECT * FROM orders LIMIT 5')
    const width = await page.evaluate('document.documentElement.scrollWidth')
    expect(width).toBeLessThanOrEqual(360)
    const region = page.getByRole('region', { name: 'Rows' }).first()
    await region.focus()
    await page.keyboard.press('ArrowRight')
    await expect
      .poll(() => region.evaluate((node: { readonly scrollLeft: number }) => node.scrollLeft), {
        timeout: patienceMs,
      })
      .toBeGreaterThan(0)
  })

  it('has run nothing that failed, or that was not its own', () => {
    expect(troubles).toEqual([])
  })
})
