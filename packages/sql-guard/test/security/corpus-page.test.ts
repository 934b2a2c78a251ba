import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { corpora } from '../../scripts/security/corpus.ts'
import { corpusPage } from '../../scripts/security/page.ts'

/** Leaves out what a formatter decides. */
function loosely(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll(/-{3,}/g, '---').trim()
}

describe('the page on the attack corpus', () => {
  it(
    'is what `node --conditions=@t2t/source scripts/security-report.ts` writes',
    { timeout: 60_000 },
    async () => {
      const page = readFileSync(
        join(import.meta.dirname, '..', '..', '..', '..', 'docs', 'security', 'corpus.md'),
        'utf8',
      )

      expect(loosely(page)).toBe(loosely(corpusPage(await corpora())))
    },
  )
})
