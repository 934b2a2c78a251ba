import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSqlAssistant } from '@t2t/llm-sql'
import { metadataJsonSchema, readMetadataFile } from '@t2t/llm-sql/metadata'
import { offlineGenerator } from '@t2t/llm-sql/offline'
import { createSqlGuard, definePolicy } from '@t2t/sql-guard'
import { sqlite } from '@t2t/sql-guard/sqlite'
import { afterAll, describe, expect, it } from 'vitest'
import { catalogOf, contextOf, openShop, runnerOn, today } from '../support/shop.ts'

const folder = mkdtempSync(join(tmpdir(), 'metadata-'))
afterAll(() => rmSync(folder, { recursive: true }))

function fileOf(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

const yaml = `
metrics:
  - name: net sales # without what was cancelled
    expression: SUM(CASE WHEN orders.status <> 'cancelled' THEN order_lines.quantity * order_lines.unit_price END)
    unit: EUR
    synonyms: [turnover]
    origin: finance handbook
synonyms:
  - column: orders.status
    value: cancelled
    synonyms: [called off]
fiscalCalendar: { firstMonth: 5 }
`

describe('a file of metadata', () => {
  it('may be YAML, and is used in answers', async () => {
    const words = await readMetadataFile(fileOf('words.yaml', yaml), { priority: 1 })
    const database = openShop()
    const assistant = createSqlAssistant({
      context: async () => contextOf(catalogOf(database), [words]),
      guard: (catalog) => createSqlGuard({ dialect: sqlite(), policy: definePolicy(), catalog }),
      run: runnerOn(database),
      generator: offlineGenerator(),
      today,
    })

    const turnover = await assistant.ask('turnover this year').answer
    const off = await assistant.ask('How many orders are called off?').answer

    expect(turnover).toMatchObject({ kind: 'answered', rows: [[180]] })
    expect(turnover.entities[0]?.source).toEqual({ name: 'words.yaml', priority: 1 })
    expect(off).toMatchObject({ kind: 'answered', rows: [[1]] })
  })

  it('may be JSON', async () => {
    const path = fileOf('words.json', '{"aliases":[{"term":"a","column":"t.c","value":1}]}')

    expect(await readMetadataFile(path, { name: 'words' })).toEqual({
      metadata: { aliases: [{ term: 'a', column: 't.c', value: 1 }] },
      source: { name: 'words', priority: 100 },
    })
  })

  it.for([
    ['bad.json', '{"secret"', 'bad.json is not valid metadata. The file is not JSON.'],
    ['bad.yaml', 'a: [secret', 'Line 1, column 11: the file is not YAML.'],
    ['empty.yaml', '', 'The file must be an object with at least one list.'],
    ['list.json', '[]', 'The file must be an object with at least one list.'],
    ['entry.json', '{"aliases":[{"term":"secret"}]}', 'aliases[0].column is missing'],
  ] as const)('is not taken when it is like %s, and says why', async ([name, text, message]) => {
    const failure = await readMetadataFile(fileOf(name, text)).catch((error: unknown) => error)

    expect(failure).toMatchObject({ code: 'LLM_SQL_METADATA_INVALID' })
    expect(String(failure)).toContain(message)
    expect(String(failure)).not.toContain('secret')
  })

  it('must be there', async () => {
    await expect(readMetadataFile(join(folder, 'none.json'))).rejects.toThrow('cannot be read')
  })
})

describe('the JSON Schema of metadata', () => {
  it.for(['../../metadata.schema.json', '../../../../docs/reference/metadata.schema.json'])(
    'is what %s holds',
    (file) => {
      const held: unknown = JSON.parse(readFileSync(join(import.meta.dirname, file), 'utf8'))

      expect(held).toEqual(metadataJsonSchema())
    },
  )

  it('knows every list', () => {
    expect(Object.keys(Object(metadataJsonSchema()['properties']))).toEqual([
      'aliases',
      'translations',
      'metrics',
      'glossary',
      'synonyms',
      'fiscalCalendar',
    ])
  })
})
