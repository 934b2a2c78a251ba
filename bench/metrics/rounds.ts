/** What calls cost when they were measured against each other. */
export interface Turns<Name extends string> {
  /** Nanoseconds a call in the best round. */
  readonly best: (name: Name) => number
  /** Nanoseconds a call, round by round: those with one index were measured one after another. */
  readonly rounds: (name: Name) => readonly number[]
}

/**
 * Measures calls against each other in one run: they take turns, and the one that begins changes
 * every round, so that whatever else the machine does meets all of them.
 */
export function measureInTurns<Name extends string>(
  calls: Readonly<Record<Name, (index: number) => unknown>>,
  options: { readonly callsEach: number; readonly rounds: number },
): Turns<Name> {
  const contenders = Object.entries<(index: number) => unknown>(calls).map(([name, call]) => ({
    name,
    call,
    costs: new Array<number>(),
  }))
  // The first rounds only warm up.
  const warmUp = Math.ceil(options.rounds / 5)
  for (let round = -warmUp; round < options.rounds; round++) {
    const first = (round + warmUp) % contenders.length
    for (const { call, costs } of [...contenders.slice(first), ...contenders.slice(0, first)]) {
      const start = process.hrtime.bigint()
      for (let index = 0; index < options.callsEach; index++) call(index)
      const cost = Number(process.hrtime.bigint() - start) / options.callsEach
      if (round >= 0) costs.push(cost)
    }
  }
  const rounds = (name: Name): readonly number[] =>
    contenders.find((contender) => contender.name === name)?.costs ?? []
  return { rounds, best: (name) => Math.min(...rounds(name)) }
}

/** The value in the middle. */
export function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[values.length >> 1] ?? Number.NaN
}
