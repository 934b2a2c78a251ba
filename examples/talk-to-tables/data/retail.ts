import { createRandom, type Random } from './random.ts'
import { adjectives, cities, firstNames, lastNames, things } from './words.ts'

/** The rows of the demo's shop, table by table, each row in the order of its columns. */
export type RetailData = Readonly<Record<keyof typeof columns, readonly Row[]>>
export type Row = readonly (string | number)[]

/** The columns of each table, parents before children. */
export const columns = {
  customers: ['id', 'name', 'email', 'city', 'country', 'signed_up_on'],
  stores: ['id', 'name', 'city'],
  products: ['id', 'name', 'category', 'unit_price'],
  orders: ['id', 'customer_id', 'store_id', 'status', 'ordered_at'],
  order_lines: ['id', 'order_id', 'product_id', 'quantity', 'unit_price'],
  returns: ['id', 'order_line_id', 'reason', 'returned_at'],
} as const

/** The product that the shop's people call "abracadabra". */
const famousProduct = 123
const days = 730
const dayMs = 86_400_000

/**
 * Makes two years of orders that end on the given day.
 *
 * The same seed and day give the same rows. Prices are multiples of 0.25, so that sums are exact
 * in binary arithmetic too.
 */
export function generateRetail(today: Date, seed = 20_240_501): RetailData {
  const random = createRandom(seed)
  const last = Date.UTC(today.getFullYear(), today.getMonth(), today.getDate())
  const stores = makeStores()
  const products = makeProducts(random)
  const customers = makeCustomers(random, last)
  const orders: Row[] = []
  const lines: Row[] = []
  const returns: Row[] = []

  for (let day = days - 1; day >= 0; day--) {
    const midnight = last - day * dayMs
    const isWeekend = [0, 6].includes(new Date(midnight).getUTCDay())
    const count = (isWeekend ? 38 : 28) + random.below(10)
    for (let index = 0; index < count; index++) {
      const orderId = orders.length + 1
      const orderedAt = midnight + (8 * 3_600 + random.below(12 * 3_600)) * 1_000
      const status = random.pick(['paid', 'paid', 'paid', 'paid', 'shipped', 'cancelled'])
      const customerId = 1 + random.below(customers.length)
      orders.push([
        orderId,
        customerId,
        1 + random.below(stores.length),
        status,
        timestamp(orderedAt),
      ])
      const lineCount = 1 + random.below(4)
      for (let line = 0; line < lineCount; line++) {
        const isFamous = index === 0 && line === 0
        const product = products[isFamous ? famousProduct - 1 : random.below(products.length)]
        if (product === undefined) continue
        const lineId = lines.length + 1
        lines.push([lineId, orderId, product[0] ?? 0, 1 + random.below(5), product[3] ?? 0])
        if (random.below(25) === 0) {
          const reason = random.pick(['damaged', 'wrong size', 'late', 'changed mind'])
          const returnedAt = Math.min(
            orderedAt + (1 + random.below(20)) * dayMs,
            last + dayMs - 1_000,
          )
          returns.push([returns.length + 1, lineId, reason, timestamp(returnedAt)])
        }
      }
    }
  }
  return { customers, stores, products, orders, order_lines: lines, returns }
}

function makeStores(): Row[] {
  return cities.slice(0, 12).map(([city], index) => [index + 1, `${city} Central`, city])
}

function makeProducts(random: Random): Row[] {
  return adjectives
    .flatMap((adjective) =>
      things.map(([thing, category]) => [`${adjective} ${thing}`, category] as const),
    )
    .map(([name, category], index) => [index + 1, name, category, (8 + random.below(1_500)) / 4])
}

function makeCustomers(random: Random, last: number): Row[] {
  return Array.from({ length: 2_000 }, (_, index) => {
    const name = `${random.pick(firstNames)} ${random.pick(lastNames)}`
    const [city, country] = random.pick(cities)
    const email = `${name.toLowerCase().replace(' ', '.')}.${index + 1}@shop.example`
    const signedUpOn = timestamp(last - random.below(1_400) * dayMs).slice(0, 10)
    return [index + 1, name, email, city, country, signedUpOn]
  })
}

function timestamp(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace('T', ' ')
}
