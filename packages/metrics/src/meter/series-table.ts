import type { LabelValues } from './definition.ts'

/** What stands for all values beyond the bound. */
export const overflowValue = 'other'
/** Longer values could make memory grow without making many series; they go to the overflow. */
const maxValueLength = 256

/** How many series may exist. */
export interface SeriesBounds {
  readonly maxValuesPerLabel: number
  readonly maxSeries: number
}

interface Node<Series> {
  readonly children: Map<string, Node<Series>>
  series: Series | undefined
}

/** One label set and what is kept for it. */
export interface Entry<Series> {
  readonly labels: readonly string[]
  readonly series: Series
}

/**
 * Finds the series of a label set, and keeps their number bounded.
 *
 * A tree with one level a label: a known label set costs one map look-up a label and no
 * allocation, and no value can be mistaken for another, whatever characters it holds.
 */
export class SeriesTable<Series> {
  readonly entries: Entry<Series>[] = []
  readonly #names: readonly string[]
  readonly #bounds: SeriesBounds
  readonly #create: () => Series
  readonly #onOverflow: () => void
  readonly #root: Node<Series> = { children: new Map(), series: undefined }
  readonly #seen: readonly Set<string>[]

  constructor(
    names: readonly string[],
    bounds: SeriesBounds,
    create: () => Series,
    onOverflow: () => void,
  ) {
    this.#names = names
    this.#bounds = bounds
    this.#create = create
    this.#onOverflow = onOverflow
    this.#seen = names.map(() => new Set<string>())
  }

  /** Gives the series of a label set, or the one that stands for it. */
  find(labels: LabelValues): Series {
    let node = this.#root
    for (const name of this.#names) {
      const next = node.children.get(labels[name] ?? '')
      if (next === undefined) return this.#admit(labels)
      node = next
    }
    return node.series ?? this.#admit(labels)
  }

  #admit(labels: LabelValues): Series {
    const wanted = this.#names.map((name) => String(labels[name] ?? '').toWellFormed())
    const bounded = wanted.map((value, index) => this.#bound(value, index))
    const known = this.#lookUp(bounded)
    const isFull = this.entries.length >= this.#bounds.maxSeries
    const values = known === undefined && isFull ? bounded.map(() => overflowValue) : bounded
    if (values.some((value, index) => value !== wanted[index])) this.#onOverflow()
    return known ?? this.#lookUp(values) ?? this.#insert(values)
  }

  #bound(value: string, index: number): string {
    const seen = this.#seen[index]
    if (seen === undefined || value === '' || value === overflowValue || seen.has(value)) {
      return value
    }
    const hasRoom = seen.size < this.#bounds.maxValuesPerLabel
    return hasRoom && value.length <= maxValueLength ? value : overflowValue
  }

  #lookUp(values: readonly string[]): Series | undefined {
    let node: Node<Series> | undefined = this.#root
    for (const value of values) node = node?.children.get(value)
    return node?.series
  }

  #insert(values: readonly string[]): Series {
    let node = this.#root
    for (const [index, value] of values.entries()) {
      if (value !== '' && value !== overflowValue) this.#seen[index]?.add(value)
      let next = node.children.get(value)
      if (next === undefined) {
        next = { children: new Map(), series: undefined }
        node.children.set(value, next)
      }
      node = next
    }
    const series = this.#create()
    node.series = series
    this.entries.push({ labels: values, series })
    return series
  }
}
