import { parseArgs } from 'node:util'
import type { Attribute } from '../rewrite/row-filter.ts'
import { CallError } from './io.ts'

/** The options of all commands; each says which of them it takes. */
export interface Options {
  readonly dialect: string | undefined
  readonly policy: readonly string[]
  readonly catalog: string | undefined
  readonly attributes: Readonly<Record<string, Attribute>>
  readonly json: boolean
  readonly whole: boolean
  readonly from: string | undefined
  readonly minUses: number
  readonly role: string | undefined
  readonly database: string | undefined
  readonly texts: number
  readonly seed: number
}

type Name = 'dialect' | 'policy' | 'catalog' | 'attribute' | 'json' | 'whole' | 'from' | 'min-uses'
export type OptionName = Name | 'role' | 'database' | 'texts' | 'seed'

/** @throws {@link CallError} for an option that the command does not take. */
export function readOptions(
  args: readonly string[],
  taken: readonly OptionName[],
): { readonly options: Options; readonly rest: readonly string[] } {
  const { values, positionals } = parse(args, taken)
  const given: Readonly<Record<string, unknown>> = values
  const text = (name: OptionName): string | undefined => {
    const value = given[name]
    return typeof value === 'string' ? value : undefined
  }
  return {
    rest: positionals,
    options: {
      dialect: text('dialect'),
      policy: values.policy ?? [],
      catalog: text('catalog'),
      attributes: Object.fromEntries((values.attribute ?? []).map(attributeOf)),
      json: given['json'] === true,
      whole: given['whole'] === true,
      from: text('from'),
      minUses: countOf('min-uses', text('min-uses'), 1),
      role: text('role'),
      database: text('database'),
      texts: countOf('texts', text('texts'), 10_000),
      seed: countOf('seed', text('seed'), 1),
    },
  }
}

function parse(args: readonly string[], taken: readonly OptionName[]) {
  const all = {
    dialect: { type: 'string' },
    policy: { type: 'string', multiple: true },
    catalog: { type: 'string' },
    attribute: { type: 'string', multiple: true },
    json: { type: 'boolean' },
    whole: { type: 'boolean' },
    from: { type: 'string' },
    'min-uses': { type: 'string' },
    role: { type: 'string' },
    database: { type: 'string' },
    texts: { type: 'string' },
    seed: { type: 'string' },
  } as const
  try {
    const parsed = parseArgs({ args: [...args], allowPositionals: true, options: all })
    const stray = Object.keys(parsed.values).find((name) => !taken.some((each) => each === name))
    if (stray !== undefined) throw new Error(`--${stray} does not belong to this command`)
    return parsed
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    const known = taken.map((name) => `--${name}`).join(', ')
    throw new CallError(`${message.replace(/\..*$/s, '')}; it takes ${known}.`)
  }
}

/** `name=value`; numbers, true, false and null are what they look like, quotes make a text of them. */
function attributeOf(written: string): readonly [string, Attribute] {
  const [, name, value] = /^([A-Za-z_]\w*)=(.*)$/s.exec(written) ?? []
  if (name === undefined || value === undefined) {
    throw new CallError(`--attribute must be name=value, but is ${JSON.stringify(written)}.`)
  }
  if (value === 'true' || value === 'false') return [name, value === 'true']
  if (value === 'null') return [name, null]
  if (/^-?\d+(\.\d+)?$/.test(value)) return [name, Number(value)]
  return [name, value.replace(/^(["'])(.*)\1$/s, '$2')]
}

function countOf(name: OptionName, written: string | undefined, fallback: number): number {
  if (written === undefined) return fallback
  const value = Number(written)
  if (Number.isSafeInteger(value) && value >= 1) return value
  throw new CallError(`--${name} must be an integer from 1 up, but is ${written}.`)
}
