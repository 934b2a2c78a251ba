import { hasRole } from '../items.ts'
import { tableOf, use, type Reading } from '../reading.ts'

/** A number right before or after: "top 5", "the 3 youngest". */
export function takeCount(reading: Reading, index: number): number {
  const item = [reading.items[index + 1], reading.items[index - 1]].find(
    (side) => side?.number !== undefined && !side.isUsed,
  )
  const chosen =
    item ??
    reading.items
      .slice(0, Math.max(0, index))
      .find(
        (one, at) =>
          one.number !== undefined &&
          !one.isUsed &&
          tableOf(reading, reading.items[at + 1]) !== undefined &&
          !hasRole(reading.items[at - 1], 'compare', 'where', 'have', 'copula'),
      )
  use(chosen)
  return chosen?.number ?? reading.limit ?? 1
}
