import type { Direction } from './grammar.ts'

/** Words of column names that an adjective speaks of, likeliest first; `-word` turns the direction round. */
export type Concepts = readonly string[]

/** An adjective in its three forms, where its greatest stands, and what it speaks of. */
export interface Adjective {
  readonly plain: string
  readonly comparative: string
  readonly superlative: string
  readonly direction: Direction
  readonly concepts: Concepts
}

const born = '-birth -dob -birthday -birthdate -born -founded -established -built -opened -created'
const qualities = {
  age: `age ${born} -year -date`,
  recent: 'date time year day at on',
  size: 'size area population capacity enrollment acre volume amount number quantity',
  length: 'length duration distance runtime minute hour time height',
  height: 'height elevation altitude stature',
  peak: 'height elevation altitude',
  price: 'price cost fee fare charge rate amount',
  weight: 'weight mass',
  speed: 'speed velocity mph kmh -time -duration',
  depth: 'depth',
  width: 'width breadth',
  thickness: 'thickness',
  heat: 'temperature',
  wealth: 'wealth worth fortune income revenue salary balance gdp',
  people: 'population inhabitant resident',
  density: 'density',
  distance: 'distance',
  power: 'power horsepower hp strength',
  profit: 'profit margin earning',
  rating: 'rating score star grade',
  pay: 'salary wage pay income earning',
  experience: 'experience',
  traffic: 'traffic passenger visitor',
}

/** Adjectives of measure: plain, comparative, superlative, the end where the most of it is, the quality. */
const written: readonly (readonly [string, 'up' | 'down', keyof typeof qualities])[] = [
  ['old older oldest', 'up', 'age'],
  ['young younger youngest', 'down', 'age'],
  ['new newer newest', 'up', 'recent'],
  ['late later latest', 'up', 'recent'],
  ['recent more_recent most_recent', 'up', 'recent'],
  ['recently more_recently most_recently', 'up', 'recent'],
  ['early earlier earliest', 'down', 'recent'],
  ['long longer longest', 'up', 'length'],
  ['short shorter shortest', 'down', 'length'],
  ['tall taller tallest', 'up', 'height'],
  ['heavy heavier heaviest', 'up', 'weight'],
  ['light lighter lightest', 'down', 'weight'],
  ['expensive more_expensive most_expensive', 'up', 'price'],
  ['costly costlier costliest', 'up', 'price'],
  ['pricey pricier priciest', 'up', 'price'],
  ['cheap cheaper cheapest', 'down', 'price'],
  ['inexpensive less_expensive least_expensive', 'down', 'price'],
  ['fast faster fastest', 'up', 'speed'],
  ['quick quicker quickest', 'up', 'speed'],
  ['slow slower slowest', 'down', 'speed'],
  ['large larger largest', 'up', 'size'],
  ['big bigger biggest', 'up', 'size'],
  ['small smaller smallest', 'down', 'size'],
  ['tiny tinier tiniest', 'down', 'size'],
  ['deep deeper deepest', 'up', 'depth'],
  ['shallow shallower shallowest', 'down', 'depth'],
  ['wide wider widest', 'up', 'width'],
  ['narrow narrower narrowest', 'down', 'width'],
  ['thick thicker thickest', 'up', 'thickness'],
  ['thin thinner thinnest', 'down', 'thickness'],
  ['hot hotter hottest', 'up', 'heat'],
  ['warm warmer warmest', 'up', 'heat'],
  ['cold colder coldest', 'down', 'heat'],
  ['cool cooler coolest', 'down', 'heat'],
  ['rich richer richest', 'up', 'wealth'],
  ['wealthy wealthier wealthiest', 'up', 'wealth'],
  ['poor poorer poorest', 'down', 'wealth'],
  ['populous more_populous most_populous', 'up', 'people'],
  ['populated more_populated most_populated', 'up', 'people'],
  ['dense denser densest', 'up', 'density'],
  ['far farther farthest', 'up', 'distance'],
  ['distant further furthest', 'up', 'distance'],
  ['near nearer nearest', 'down', 'distance'],
  ['close closer closest', 'down', 'distance'],
  ['powerful more_powerful most_powerful', 'up', 'power'],
  ['strong stronger strongest', 'up', 'power'],
  ['profitable more_profitable most_profitable', 'up', 'profit'],
  ['well_rated better_rated best_rated', 'up', 'rating'],
  ['highly_rated higher_rated highest_rated', 'up', 'rating'],
  ['badly_rated worse_rated worst_rated', 'down', 'rating'],
  ['well_paid better_paid best_paid', 'up', 'pay'],
  ['highly_paid higher_paid highest_paid', 'up', 'pay'],
  ['badly_paid lower_paid lowest_paid', 'down', 'pay'],
  ['experienced more_experienced most_experienced', 'up', 'experience'],
  ['busy busier busiest', 'up', 'traffic'],
  ['high higher highest', 'up', 'peak'],
  ['great greater greatest', 'up', 'size'],
  ['low lower lowest', 'down', 'peak'],
]

/** English adjectives of measure, and the qualities that columns hold numbers of. */
export const adjectives: readonly Adjective[] = written.map(([forms, end, quality]) => {
  const [plain = '', comparative = '', superlative = ''] = forms
    .split(' ')
    .map((form) => form.replaceAll('_', ' '))
  const direction = end === 'up' ? 'descending' : 'ascending'
  return { plain, comparative, superlative, direction, concepts: qualities[quality].split(' ') }
})
