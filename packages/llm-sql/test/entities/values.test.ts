import { link, resolveEntities } from '@t2t/llm-sql'
import type { Catalog, CatalogColumn, CatalogTable } from '@t2t/sql-guard'
import { describe, expect, it } from 'vitest'

const catalog: Catalog = {
  dialect: 'sqlite',
  version: '1',
  searchPath: ['main'],
  tables: [
    tableOf('vessels', {
      name: ['Große Möwe', 'Halcyon', 'Thunderbolt'],
      port: ['NorthHaven', 'Portugal', 'Madeira', 'Iğdır', 'Łódź', 'Tromsø', 'A/B-12'],
      berth: ['k', '17'],
      launched: ['2012-08-24'],
      licence: ['004711'],
      duty: ['trawler', 'engineer'],
    }),
    tableOf('quays', { title: ['Halcyon'], port: ['Madeira'] }),
  ],
}

function valuesIn(question: string): readonly string[] {
  const { mentions } = resolveEntities(link(question, catalog), {
    metadata: [],
    catalogSource: { name: 'database', priority: 10 },
    today: '2024-05-15',
  })
  return mentions.flatMap((mention) =>
    mention.kind === 'value'
      ? mention.values.map(
          ({ table, column, value }) =>
            `${table.name}.${column.name} = ${value} (${mention.confidence})`,
        )
      : [],
  )
}

describe('a value of the data', () => {
  it.for([
    ['without regard to accents', 'Where is the große mowe?', ['vessels.name = Große Möwe (0.95)']],
    ['in capitals without ß', 'Where is GROSSE MÖWE?', ['vessels.name = Große Möwe (0.95)']],
    ['without the dot of a Turkish i', 'Who is in Igdir?', ['vessels.port = Iğdır (0.95)']],
    ['with a Turkish i in capitals', 'Who is in IĞDIR?', ['vessels.port = Iğdır (0.95)']],
    ['without a stroke', 'Who is in Lodz?', ['vessels.port = Łódź (0.95)']],
    ['without another stroke', 'Who is in Tromso?', ['vessels.port = Tromsø (0.95)']],
    ['as a code without its signs', 'Who is at AB-12?', ['vessels.port = A/B-12 (0.8)']],
    ['as a code with other signs', 'Who is at A.B.12?', ['vessels.port = A/B-12 (0.95)']],
    ['in the plural', 'How many trawlers are there?', ['vessels.duty = trawler (0.8)']],
    ['in another form', 'Which are in the engineering?', ['vessels.duty = engineer (0.8)']],
    ['written as one word', 'What is in North Haven?', ['vessels.port = NorthHaven (0.8)']],
    [
      'as the people of a country',
      'Show Madeiran vessels',
      ['vessels.port = Madeira (0.8)', 'quays.port = Madeira (0.8)'],
    ],
    [
      'as another form of a day',
      'What began on Aug 24, 2012?',
      ['vessels.launched = 2012-08-24 (0.8)'],
    ],
    ['with a typing error', 'Where is Thunderblot?', ['vessels.name = Thunderbolt (0.55)']],
    ['as a long code', 'Who has 004711?', ['vessels.licence = 004711 (0.95)']],
    ['as a letter beside its name', 'Show berth k', ['vessels.berth = k (0.95)']],
  ] as const)('is found %s', ([, question, expected]) => {
    expect(valuesIn(question)).toEqual(expected)
  })

  it.for([
    ['a letter elsewhere', 'Show vitamin k of all'],
    ['a small number elsewhere', 'Show 17 of them'],
    ['a common word that resembles it', 'Show the thunderbold'],
    ['a short name that resembles it', 'Where is Kaq?'],
  ] as const)('is not seen in %s', ([, question]) => {
    expect(valuesIn(question)).toEqual([])
  })

  it('is kept with every column that holds it, those that the question names first', () => {
    expect(valuesIn('Which vessels are called Halcyon?')).toEqual([
      'vessels.name = Halcyon (0.95)',
      'quays.title = Halcyon (0.95)',
    ])
    expect(valuesIn('Which quays are called Halcyon?')).toEqual([
      'quays.title = Halcyon (0.95)',
      'vessels.name = Halcyon (0.95)',
    ])
  })
})

function tableOf(name: string, columns: Readonly<Record<string, readonly string[]>>): CatalogTable {
  return {
    schema: 'main',
    name,
    kind: 'table',
    primaryKey: [],
    foreignKeys: [],
    columns: Object.entries(columns).map(([column, sampleValues]): CatalogColumn => ({
      name: column,
      type: 'text',
      isNullable: true,
      sampleValues,
    })),
  }
}
