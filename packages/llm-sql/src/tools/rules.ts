import { OptionInvalidError } from '../errors/errors.ts'
import type { ToolDescription } from './agent-tool.ts'

/** What holds for a tool, whatever its server says. */
export interface ToolRule {
  /**
   * What a call may be made of once the model has read text that nobody vouches for.
   *
   * - `refuse`: no call at all.
   * - `contained`: to the server from which everything came that was read so far, anything. To any
   *   other one only words that the person wrote, three times for each question.
   * - `allow`: anything. For a tool that changes nothing and sends nothing out, or that asks the
   *   person before it does.
   * @defaultValue 'contained' for a tool that says it changes nothing, else 'refuse'
   */
  readonly whenTainted?: 'refuse' | 'contained' | 'allow' | undefined
  /**
   * Whether somebody vouches for every text that the tool can give: a clock, a calculator. Cells of
   * a database and pages are never that.
   * @defaultValue 'untrusted'
   */
  readonly results?: 'trusted' | 'untrusted' | undefined
  /**
   * Says in your words what the tool does.
   * @defaultValue its own description, when the tool is trusted
   */
  readonly description?: string | undefined
}

/** Rules by the name of the tool, or by its beginning with a `*`: `shop__*`. */
export type ToolRules = Readonly<Record<string, ToolRule>>

/** What holds for one tool, in full. */
export interface SettledRule {
  readonly whenTainted: 'refuse' | 'contained' | 'allow'
  readonly results: 'trusted' | 'untrusted'
  readonly description: string | undefined
}

/** @throws {@link OptionInvalidError} when a key has a `*` before its end. */
export function checkRules(rules: ToolRules): void {
  for (const key of Object.keys(rules)) {
    if (key === '' || key.slice(0, -1).includes('*'))
      throw new OptionInvalidError(
        `A rule is for a name or for a beginning with * at its end, got ${JSON.stringify(key)}.`,
      )
  }
}

/** The rule of a tool: the one with its name, else the one with the longest beginning of it. */
export function ruleFor(tool: ToolDescription, rules: ToolRules): SettledRule {
  const key = Object.keys(rules)
    .filter((one) => one.endsWith('*') && tool.name.startsWith(one.slice(0, -1)))
    .toSorted((a, b) => b.length - a.length)[0]
  const own = Object.hasOwn(rules, tool.name) ? rules[tool.name] : undefined
  const rule = own ?? (key === undefined ? undefined : rules[key]) ?? {}
  const {
    whenTainted = tool.isReadOnly === true ? 'contained' : 'refuse',
    results = 'untrusted',
    description = tool.isTrusted === true ? tool.description : undefined,
  } = rule
  return { whenTainted, results, description }
}
