import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { link, OptionInvalidError, resolveEntities } from '@t2t/llm-sql'
import { wordnetThesaurus } from '@t2t/llm-sql/wordnet'
import { afterAll, describe, expect, it } from 'vitest'
import { catalogOf, openShop } from '../support/shop.ts'

const folder = mkdtempSync(join(tmpdir(), 't2t-wordnet-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Files in the format of wndb(5WN), with three meanings. */
function writeDictionary(): void {
  const meaning = (
    words: readonly string[],
    pointers: readonly (readonly [string, number])[],
  ): string => {
    const written = words.map((word) => `${word} 0`).join(' ')
    const count = String(pointers.length).padStart(3, '0')
    const related = pointers.map(([kind, at]) => `${kind} ${String(at).padStart(8, '0')} n 0000`)
    return ['18 n', words.length.toString(16).padStart(2, '0'), written, count, ...related].join(
      ' ',
    )
  }
  const offsetOf = (before: readonly string[]): number =>
    before.reduce((sum, line) => sum + line.length + 1, 0)
  const person = (
    at: number,
    lines: readonly (readonly [readonly string[], number | undefined])[],
  ): string[] =>
    lines.map(
      ([words, up]) =>
        `${String(at).padStart(8, '0')} ${meaning(words, up === undefined ? [] : [['@', up]])} | x`,
    )
  const first = person(0, [[['buyer', 'customer', 'regular_client'], undefined]])
  const second = person(0, [[['patron', 'frequenter'], 0]])
  const lines = [...first, ...second]
  const index = [
    '  1 a line of the licence',
    'buyer n 1 0 1 1 00000000  ',
    'customer n 1 0 1 1 00000000  ',
    `patron n 1 1 @ 1 1 ${String(offsetOf(first)).padStart(8, '0')}  `,
  ]
  writeFileSync(join(folder, 'data.noun'), `${lines.join('\n')}\n`)
  writeFileSync(join(folder, 'index.noun'), `${index.join('\n')}\n`)
  for (const part of ['verb', 'adj']) {
    writeFileSync(join(folder, `data.${part}`), '')
    writeFileSync(join(folder, `index.${part}`), '')
  }
}

describe('the thesaurus of WordNet', () => {
  writeDictionary()
  const thesaurus = wordnetThesaurus({ folder })

  it('gives words of the same meaning, then more general ones, and never the word itself', () => {
    expect(thesaurus.synonymsOf('buyer')).toEqual(['customer', 'regular client'])
    expect(thesaurus.synonymsOf('patron')).toEqual([
      'frequenter',
      'buyer',
      'customer',
      'regular client',
    ])
    expect(thesaurus.synonymsOf('zzz')).toEqual([])
  })

  it('leads from words that the schema lacks to its names, less surely than these would', () => {
    const catalog = catalogOf(openShop())
    const options = {
      metadata: [],
      catalogSource: { name: 'database', priority: 10 },
      today: '2024-05-15',
    }
    const tablesIn = (question: string): readonly (readonly [string, number])[] =>
      resolveEntities(link(question, catalog, { thesaurus }), options).mentions.flatMap((mention) =>
        mention.kind === 'schema'
          ? [[mention.candidates[0]?.entry.table.name ?? '', mention.confidence] as const]
          : [],
      )

    expect(tablesIn('How many buyers are there?')).toEqual([['customers', 0.74]])
    expect(tablesIn('How many customers are there?')).toEqual([['customers', 1]])
  })

  it('says which file a folder lacks', () => {
    expect(() => wordnetThesaurus({ folder: join(folder, 'nowhere') })).toThrow(OptionInvalidError)
    expect(() => wordnetThesaurus({ folder: join(folder, 'nowhere') })).toThrow('index.noun')
  })
})
