export const cities: readonly [readonly [string, string], ...(readonly [string, string])[]] = [
  ['Zurich', 'Switzerland'],
  ['Basel', 'Switzerland'],
  ['Vienna', 'Austria'],
  ['Graz', 'Austria'],
  ['Berlin', 'Germany'],
  ['Hamburg', 'Germany'],
  ['Munich', 'Germany'],
  ['Paris', 'France'],
  ['Lyon', 'France'],
  ['Milan', 'Italy'],
  ['Turin', 'Italy'],
  ['Madrid', 'Spain'],
  ['Lisbon', 'Portugal'],
  ['Ghent', 'Belgium'],
]

export const firstNames: readonly [string, ...string[]] = [
  'Ada', 'Alan', 'Barbara', 'Claude', 'Dana', 'Edgar', 'Frances', 'Grace', 'Hedy', 'Ivan',
  'Joan', 'Ken', 'Lena', 'Maurice', 'Nina', 'Oskar', 'Paula', 'Radia', 'Sven', 'Tess',
]

export const lastNames: readonly [string, ...string[]] = [
  'Almeida', 'Brunner', 'Costa', 'Dubois', 'Egger', 'Fischer', 'Greco', 'Huber', 'Ivers', 'Jansen',
  'Keller', 'Lang', 'Moreau', 'Novak', 'Oliveira', 'Peeters', 'Rossi', 'Schmid', 'Torres', 'Weber',
]

export const adjectives: readonly string[] = [
  'Brass', 'Cedar', 'Folding', 'Glass', 'Linen', 'Nordic', 'Painted', 'Quiet', 'Rustic', 'Woven',
]

export const things: readonly (readonly [string, string])[] = [
  ['Lamp', 'lighting'],
  ['Lantern', 'lighting'],
  ['Chair', 'furniture'],
  ['Table', 'furniture'],
  ['Shelf', 'furniture'],
  ['Rug', 'textiles'],
  ['Blanket', 'textiles'],
  ['Cushion', 'textiles'],
  ['Vase', 'decoration'],
  ['Mirror', 'decoration'],
  ['Clock', 'decoration'],
  ['Kettle', 'kitchen'],
  ['Teapot', 'kitchen'],
  ['Bowl', 'kitchen'],
  ['Basket', 'storage'],
]
