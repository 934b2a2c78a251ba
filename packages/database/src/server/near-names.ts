import type { Catalog } from '@t2t/sql-guard'

const maxNames = 5

/** Other names of a catalog that are close to what was written, best first. */
export function nearNames(written: string, { tables }: Catalog): readonly string[] {
  const wanted = written.toLowerCase()
  const most = Math.max(1, Math.floor(wanted.length / 3))
  const names = new Set(
    tables.flatMap(({ name, columns }) => [name, ...columns.map((column) => column.name)]),
  )
  return [...names]
    .filter((name) => Math.abs(name.length - wanted.length) <= most)
    .map((name) => ({ name, distance: distanceOf(name.toLowerCase(), wanted) }))
    .filter(({ distance }) => distance > 0 && distance <= most)
    .toSorted((one, other) => one.distance - other.distance)
    .slice(0, maxNames)
    .map(({ name }) => name)
}

/** How many letters must be put in, taken out or changed. */
function distanceOf(one: string, other: string): number {
  let above = Array.from({ length: other.length + 1 }, (_nothing, place) => place)
  for (let row = 1; row <= one.length; row++) {
    const current = [row]
    for (let place = 1; place <= other.length; place++) {
      const change = (above[place - 1] ?? 0) + (one[row - 1] === other[place - 1] ? 0 : 1)
      current.push(Math.min(change, (above[place] ?? 0) + 1, (current[place - 1] ?? 0) + 1))
    }
    above = current
  }
  return above.at(-1) ?? 0
}
