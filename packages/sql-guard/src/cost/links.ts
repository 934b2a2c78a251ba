/** Which tables of a `FROM` are connected, by their places in it. */
export class Links {
  readonly #towards = new Map<number, number>()
  readonly #mentioned = new Set<number>()

  /** Connects two tables. */
  join(one: number, other: number): void {
    this.#mentioned.add(one).add(other)
    const [group, added] = [this.groupOf(one), this.groupOf(other)]
    if (group !== added) this.#towards.set(added, group)
  }

  /** Notes that a condition names a table. */
  mention(index: number): void {
    this.#mentioned.add(index)
  }

  /** Whether any condition names the table. */
  isMentioned(index: number): boolean {
    return this.#mentioned.has(index)
  }

  /** The same number for all tables that are connected. */
  groupOf(index: number): number {
    let group = index
    for (;;) {
      const next = this.#towards.get(group)
      if (next === undefined) return group
      group = next
    }
  }
}
