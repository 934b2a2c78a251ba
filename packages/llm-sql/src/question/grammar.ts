import { adjectives, type Concepts } from './adjectives.ts'

/** What a word or phrase does in a question, apart from what it names. */
export type Grammar =
  | { readonly role: PlainRole }
  | { readonly role: 'like'; readonly place: TextPlace }
  | { readonly role: 'aggregate'; readonly aggregate: Aggregate }
  | { readonly role: 'order'; readonly direction?: Direction | undefined }
  | { readonly role: 'direction'; readonly direction: Direction }
  | {
      readonly role: 'compare' | 'compare-after'
      readonly operator: Operator
      readonly concepts?: Concepts | undefined
    }
  | { readonly role: 'top'; readonly direction: Direction }
  | { readonly role: 'most'; readonly direction: Direction }
  | { readonly role: 'common'; readonly direction: Direction }
  | { readonly role: 'superlative'; readonly direction: Direction; readonly concepts: Concepts }
  | { readonly role: 'quality'; readonly concepts: Concepts }
  | { readonly role: 'unit'; readonly unit: 'day' | 'month' | 'year' }

/** Roles that say everything by their name. */
export type PlainRole =
  | 'filler'
  | 'light'
  | 'ask'
  | 'who'
  | 'count'
  | 'distinct'
  | 'group'
  | 'by'
  | 'between'
  | 'where'
  | 'copula'
  | 'preposition'
  | 'or'
  | 'not'
  | 'without'
  | 'than-average'
  | 'have'
  | 'named'
  | 'alphabetical'
  | 'unsupported'
  | 'both'
  | 'everything'

/** Where a text stands in a value. */
export type TextPlace = 'inside' | 'start' | 'end'
export type Aggregate = 'sum' | 'avg' | 'min' | 'max'
export type Direction = 'ascending' | 'descending'
export type Operator = '=' | '<>' | '<' | '<=' | '>' | '>='
/** "Higher than 5" compares what stands beside it, and no quality of its own. */
const amountWords = new Set(['higher', 'greater', 'lower'])

const phrases: Readonly<Record<string, Grammar>> = Object.fromEntries([
  ...list(
    'filler',
    'the|a|an|all|me|us|please|do|does|did|we|there|their|its|it|them|they|i|you|your|our|my|can|could|would|like|to|so|any|some|as|this|these|those|such|also|just|only|been|being|be|will|shall|should|now|currently|ever|together|along|well|respectively|s|t|at all|in total|altogether|in the database|has been|have been|and|then|if|either|tell me|many|much',
  ),
  ...list(
    'light',
    'people|person|persons|everyone|everybody|one|ones|actually|correspond|corresponds|how|word|letter|substring|string|phrase|text|information|detail|details|data|record|records|entry|entries|respective|corresponding|exist|exists|existing|available|possible|kind|kinds|number|numbers|want|know|wonder|let|get|got|see|look|looking|interested|made|make|makes|place|placed|take|takes|took|taken|happen|happened|happens|occur|occurred|belong|belongs|belonging|live|lives|lived|living|locate|located|come|comes|came|use|used|uses|using|associated|related|involved|given|found|listed|recorded|held|hold|holds|do|done|go|goes|value|values|item|items|result|results|thing|things|single|particular|certain|specific|overall|across|across all|all of|each other|mentioned|registered|stored|participate|participated|attend|attended|buy|bought|sell|sold|visited|produce|produced|work|works|worked|were there|based',
  ),
  ...list(
    'ask',
    'show|list|give|find|return|display|tell|print|select|get|fetch|report|what|provide|enumerate|identify|describe|count up|compute|calculate|determine|retrieve|name all',
  ),
  ...list('who', 'which|who|whom'),
  ...list(
    'count',
    'how many|number of|total number of|count of|count|total count of|how often|how many times|count the number of|count the total number of|count how many|find the number of|find the total number of|what is the number of|what is the total number of',
  ),
  ...list('distinct', 'different|distinct|unique|various'),
  ...list(
    'group',
    'per|for each|for every|each|every|in each|of each|from each|by each|on each|at each|with each|grouped by|group by|broken down by|split by|for all the different|for different',
  ),
  ...list('by', 'by'),
  ...list('between', 'between|in the range of|in the range'),
  ...list('where', 'whose|where|with|that|when|having|for which|in which|while'),
  ...list('have', 'have|has|had|include|includes|including|own|owns'),
  ...likes(
    'inside',
    'contain|contains|containing|with the substring|has the substring|have the substring|including the word|includes the word',
  ),
  ...likes(
    'start',
    'start with|starts with|starting with|begin with|begins with|beginning with|starts from|started with',
  ),
  ...likes('end', 'end with|ends with|ending with|ended with'),
  ...list('named', 'named|called|titled|with name|with the name|by the name of'),
  ...list('copula', 'is|are|was|were|equal to|equals|equal|of exactly|exactly'),
  ...list(
    'preposition',
    'of|in|for|from|on|at|into|about|within|among|during|over all|out of|under the',
  ),
  ...list('or', 'or'),
  ...list(
    'not',
    "not|other than|except|except for|excluding|is not|are not|not in|not from|besides|apart from|was not|were not|isn’t|isn't|aren't",
  ),
  ...list(
    'without',
    "without|without any|do not have|does not have|did not have|have no|has no|had no|with no|don't have|doesn't have|do not have any|does not have any|have not|has not|have never|has never|never|do not|does not|did not|don't|doesn't|didn't|have not had|without a",
  ),
  ...list(
    'everything',
    'all information|all the information|all info|all details|all the details|all data|all the data|all columns|all fields|all attributes',
  ),
  ...list(
    'unsupported',
    'but not|and also|as well as those|neither|nor|ratio|percentage|percent|difference|minus|divided|versus|compared|respectively|otherwise|median|except those|number of times',
  ),
  ...list('both', 'both'),
  ...list('than-average', 'than average|than the average|above average|above the average'),
  ...list(
    'alphabetical',
    'alphabetically|in ascending alphabetical order|ascending alphabetical order|alphabetical order|in alphabetical order|in alphabetic order|lexicographically|in lexicographical order|by alphabetical order',
  ),
  ...aggregates('sum', 'total|sum|sum of|total amount of|overall|combined|total of|in sum'),
  ...aggregates('avg', 'average|mean|avg|average of|on average|average number of|average count of'),
  ...aggregates('min', 'minimum|min|minimal|minimum of'),
  ...aggregates('max', 'maximum|max|maximal|maximum of'),
  ...orders(
    'ordered by|sorted by|order by|sort by|in order of|in the order of|order of|ordered|sorted|sort|ranked by|rank by|arranged by|listed by|order them by|sort them by|sorted in the order of',
  ),
  ...directions(
    'ascending',
    'ascending|in ascending order|in ascending order of|ascending order|ascending order of|increasing|in increasing order|from lowest to highest|from low to high|from smallest to largest|from youngest to oldest|from the youngest to the oldest|from oldest to newest|lowest first|smallest first|asc|oldest first|low to high|from earliest to latest|ascendingly',
  ),
  ...directions(
    'descending',
    'descending|in descending order|in descending order of|descending order|descending order of|decreasing|in decreasing order|from highest to lowest|from high to low|from largest to smallest|from oldest to youngest|from the oldest to the youngest|from newest to oldest|highest first|largest first|desc|newest first|high to low|in reverse order|reverse order|in reverse alphabetical order|reverse alphabetical order|in reversed alphabetical order|in descending alphabetical order|descending alphabetical order|in reverse lexicographical order|in reversed lexicographical order|reversed lexicographical order|most first|from latest to earliest|from the most recent to the oldest|from most recent to oldest|from the latest to the earliest|from the newest to the oldest|most recent first|latest first|descendingly',
  ),
  ...compares(
    'compare',
    '>',
    'more than|greater than|larger than|higher than|bigger than|over|above|exceeding|exceeds|exceed|is over|is above|that exceed|of more than|of over',
  ),
  ...compares(
    'compare',
    '<',
    'less than|fewer than|smaller than|lower than|under|below|is under|is below|of less than',
  ),
  ...compares(
    'compare',
    '>=',
    'at least|no less than|not less than|no fewer than|a minimum of|minimum of at least|greater than or equal to|more than or equal to',
  ),
  ...compares(
    'compare',
    '<=',
    'at most|no more than|not more than|up to|a maximum of|less than or equal to',
  ),
  ...compares(
    'compare-after',
    '>=',
    'or more|or above|or higher|or greater|or over|or older|or larger|and above|and over',
  ),
  ...compares(
    'compare-after',
    '<=',
    'or less|or fewer|or below|or lower|or under|or younger|or smaller|and below|and under',
  ),
  ...tops('top', 'descending', 'top|best|leading|top ranked'),
  ...tops('top', 'ascending', 'bottom|worst'),
  ...tops(
    'most',
    'descending',
    'most|largest number of|highest number of|greatest number of|maximum number of|biggest number of|most number of|most of|largest amount of|max number of',
  ),
  ...tops(
    'most',
    'ascending',
    'least|fewest|smallest number of|lowest number of|minimum number of|least number of|fewest number of|smallest amount of',
  ),
  ...tops(
    'common',
    'descending',
    'most common|most popular|most frequent|most frequently|most often|most commonly|most used|most frequently used|most commonly used|most popularly used|most times|most number of times|predominantly',
  ),
  ...tops(
    'common',
    'ascending',
    'fewest times|least times|least common|least popular|least frequent|least frequently|rarest|least often|least used|least commonly used',
  ),
  ...adjectives.flatMap(({ plain, comparative, superlative, direction, concepts }) => {
    const operator = direction === 'descending' ? '>' : '<'
    return [
      ...(amountWords.has(comparative)
        ? []
        : [[`${comparative} than`, { role: 'compare', operator, concepts }] as const]),
      [superlative, { role: 'superlative', direction, concepts }] as const,
      [`how ${plain}`, { role: 'quality', concepts }] as const,
    ]
  }),
  ...(['day', 'month', 'year'] as const).flatMap((unit) => [
    [unit, { role: 'unit', unit }] as const,
    [unit === 'day' ? 'daily' : `${unit}ly`, { role: 'unit', unit }] as const,
  ]),
] satisfies readonly (readonly [string, Grammar])[])

const table: ReadonlyMap<string, Grammar> = new Map(Object.entries(phrases))
const longest = Math.max(...[...table.keys()].map((phrase) => phrase.split(' ').length))

/** A run of tokens that has a role in the question's grammar. */
export interface GrammarMatch {
  readonly from: number
  readonly to: number
  readonly grammar: Grammar
}

/** Finds the longest phrase of the grammar at each place; the matches do not overlap. */
export function findGrammar(words: readonly string[]): readonly GrammarMatch[] {
  const found: GrammarMatch[] = []
  for (let from = 0; from < words.length; from++) {
    for (let to = Math.min(words.length, from + longest); to > from; to--) {
      const grammar = table.get(words.slice(from, to).join(' '))
      if (grammar === undefined) continue
      found.push({ from, to, grammar })
      from = to - 1
      break
    }
  }
  return found
}

function list(role: PlainRole, words: string): (readonly [string, Grammar])[] {
  return words.split('|').map((word) => [word, { role }] as const)
}

function likes(place: TextPlace, words: string): (readonly [string, Grammar])[] {
  return words.split('|').map((word) => [word, { role: 'like', place }] as const)
}

function aggregates(aggregate: Aggregate, words: string): (readonly [string, Grammar])[] {
  return words.split('|').map((word) => [word, { role: 'aggregate', aggregate }] as const)
}

function orders(words: string): (readonly [string, Grammar])[] {
  return words.split('|').map((word) => [word, { role: 'order' }] as const)
}

function directions(direction: Direction, words: string): (readonly [string, Grammar])[] {
  return words.split('|').map((word) => [word, { role: 'direction', direction }] as const)
}

function compares(
  role: 'compare' | 'compare-after',
  operator: Operator,
  words: string,
): (readonly [string, Grammar])[] {
  return words.split('|').map((word) => [word, { role, operator }] as const)
}

function tops(
  role: 'top' | 'most' | 'common',
  direction: Direction,
  words: string,
): (readonly [string, Grammar])[] {
  return words.split('|').map((word) => [word, { role, direction }] as const)
}
