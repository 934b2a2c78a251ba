import { stem } from '../question/stem.ts'

const expansions: ReadonlyMap<string, readonly string[]> = new Map([
  ['qty', ['quantity']],
  ['amt', ['amount']],
  ['num', ['number']],
  ['nbr', ['number']],
  ['desc', ['description']],
  ['descr', ['description']],
  ['addr', ['address']],
  ['dept', ['department']],
  ['cust', ['customer']],
  ['prod', ['product']],
  ['emp', ['employee']],
  ['fname', ['first', 'name']],
  ['lname', ['last', 'name']],
  ['firstname', ['first', 'name']],
  ['lastname', ['last', 'name']],
  ['pct', ['percent']],
  ['avg', ['average']],
])

/** Words that carry no name: "date of birth" meets `birth_date`. */
export const glue: ReadonlySet<string> = new Set(['of', 'the', 'a', 'an'])

/**
 * Splits an identifier into the stems of its words: `OrderLines` and `order_lines` give
 * `order`, `line`. A name written as one word is split before `id`, `name`, `code` or `date` when
 * what stands before is one of the given words.
 */
export function wordsOf(
  identifier: string,
  known: ReadonlySet<string> = new Set(),
): readonly string[] {
  return identifier
    .split(/[^\p{L}\p{N}]+/u)
    .flatMap((part) => (expansions.has(part.toLowerCase()) ? [part] : splitCamel(part)))
    .filter((word) => word !== '' && !glue.has(word.toLowerCase()))
    .flatMap((word) => {
      const lower = word.toLowerCase()
      const expanded = expansions.get(lower)
      if (expanded !== undefined) return expanded
      const [, before = '', after = ''] = /^(\p{L}{3,})(id|name|code|date)$/u.exec(lower) ?? []
      return known.has(stem(before)) ? [stem(before), after] : [stem(lower)]
    })
}

function splitCamel(part: string): readonly string[] {
  return part
    .replaceAll(/([\p{Ll}\p{N}])(\p{Lu})/gu, '$1 $2')
    .replaceAll(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
    .split(' ')
}
