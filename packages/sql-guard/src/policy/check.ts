/** What is wrong with one part of a policy. */
export interface PolicyProblem {
  /** Keys and indexes from the outside in; empty for the policy as a whole. */
  readonly path: readonly (string | number)[]
  /** What is expected there, and what is there instead; never a condition of a row filter. */
  readonly message: string
  /** 1 for the first line; present for a policy out of a file. */
  readonly line?: number | undefined
  /** 1 for the first character of the line. */
  readonly column?: number | undefined
}

type Path = PolicyProblem['path']

/** Says what is wrong with a value; nothing when it is right. */
export type Check = (value: unknown, path: Path) => readonly PolicyProblem[]

/** A list of which each entry must be right. */
export function listOf(entry: Check): Check {
  return (value, path) =>
    Array.isArray(value)
      ? value.flatMap((each, index) => entry(each, [...path, index]))
      : [wrong(path, 'a list', value)]
}

/** An object with these parts at the most; each may be left out. */
export function parts(checks: Readonly<Record<string, Check>>): Check {
  return (value, path) => {
    if (!isObject(value)) return [wrong(path, 'an object', value)]
    return Object.entries(value).flatMap(([key, part]) => {
      const check = Object.hasOwn(checks, key) ? checks[key] : undefined
      if (check !== undefined) return part === undefined ? [] : check(part, [...path, key])
      const known = Object.keys(checks)
      const near = known.find((each) => isNear(key, each))
      const message =
        near === undefined
          ? `is not a part of a policy; here are ${known.join(', ')}.`
          : `is not a part of a policy; ${near} is.`
      return [{ path: [...path, key], message }]
    })
  }
}

/** An object with exactly these parts. */
export function whole(checks: Readonly<Record<string, Check>>): Check {
  return (value, path) => [
    ...parts(checks)(value, path),
    ...Object.keys(checks)
      .filter((key) => isObject(value) && value[key] === undefined)
      .map((key) => ({ path: [...path, key], message: 'is missing.' })),
  ]
}

/** An object with any keys of a form, each with a value that is right. */
export function byName(key: Check, entry: Check): Check {
  return (value, path) =>
    isObject(value)
      ? Object.entries(value).flatMap(([name, each]) => [
          ...key(name, [...path, name]),
          ...entry(each, [...path, name]),
        ])
      : [wrong(path, 'an object', value)]
}

/** A text of a form, which is described in words. */
export function text(form: RegExp, expected: string): Check {
  return (value, path) =>
    typeof value === 'string' && form.test(value) ? [] : [wrong(path, expected, value)]
}

/** An integer in a range. */
export function integer(minimum: number, maximum: number): Check {
  return (value, path) =>
    Number.isInteger(value) && Number(value) >= minimum && Number(value) <= maximum
      ? []
      : [wrong(path, `an integer from ${minimum} to ${maximum}`, value)]
}

/** One of a few words. */
export function oneOf(...words: readonly string[]): Check {
  return (value, path) =>
    words.some((word) => word === value)
      ? []
      : [wrong(path, `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`, value)]
}

/** Several checks of which the form of the value chooses one. */
export function either(choose: (value: unknown) => Check): Check {
  return (value, path) => choose(value)(value, path)
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function wrong(path: Path, expected: string, value: unknown): PolicyProblem {
  return { path, message: `must be ${expected}, but is ${shown(value)}.` }
}

/** A value in a few words; longer texts, such as conditions, are not repeated. */
function shown(value: unknown): string {
  if (typeof value === 'string') return value.length > 40 ? 'another text' : JSON.stringify(value)
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (value === null || value === undefined) return 'nothing'
  return Array.isArray(value)
    ? 'a list'
    : `${typeof value === 'object' ? 'an' : 'a'} ${typeof value}`
}

/** Whether one word is the other with a letter or two wrong, or in another form. */
function isNear(written: string, known: string): boolean {
  const [one, other] = [written.toLowerCase(), known.toLowerCase()]
  if (one.startsWith(other) || other.startsWith(one)) return true
  const letters = (word: string) => word.split('').toSorted().join('')
  return letters(one) === letters(other)
}
