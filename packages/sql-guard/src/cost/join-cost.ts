import type { Expression, FromItem, Select } from '../dialect/tree.ts'
import type { Context } from '../resolve/context.ts'
import { columnsNamed, type Relation, type Scope } from '../resolve/relation.ts'
import { Links } from './links.ts'
import { hasOneRow } from './one-row.ts'

/** A table in `FROM`, by the name that its columns go by. */
interface Leaf {
  readonly name: string | undefined
  readonly isSmall: boolean
  /** The common table under way that it refers to. */
  readonly recursive: string | undefined
}

/** Refuses a select that multiplies tables by each other, or that repeats itself without end. */
export function checkJoinCost(context: Context, select: Select, scope: Scope): void {
  if (context.access === undefined || select.from.length === 0) return
  const [only] = select.from
  const isPlain = select.from.length === 1 && only?.kind === 'table'
  if (isPlain && leafOf(only, scope).recursive === undefined) return

  const leaves: Leaf[] = []
  const conditions: Expression[] = select.where === undefined ? [] : [select.where]
  const links = new Links()
  for (const item of select.from) collect(item, scope, { leaves, conditions, links })
  const named = new Map(scope.relations.map((relation) => [relation.alias, relation]))
  for (const condition of conditions) connect(condition, leaves, named, links)
  checkRecursion(context, select, leaves, links)

  const large = leaves.flatMap(({ isSmall }, index) => (isSmall ? [] : [index]))
  const groups = new Set(large.map((index) => links.groupOf(index)))
  context.reads.crossJoins += Math.max(0, groups.size - 1)
  const { maxCrossJoins } = context.limits
  if (context.reads.crossJoins > maxCrossJoins) {
    context.reads.report({
      code: 'limit-exceeded',
      message: `More than ${maxCrossJoins} pairs of tables are joined without a condition; connect them.`,
      span: select.span,
      subject: 'cross join',
    })
  }
}

interface Collected {
  readonly leaves: Leaf[]
  readonly conditions: Expression[]
  readonly links: Links
}

function collect(item: FromItem, scope: Scope, collected: Collected): void {
  const { leaves, conditions, links } = collected
  if (item.kind !== 'join') {
    leaves.push(leafOf(item, scope))
    return
  }
  const before = leaves.length
  collect(item.left, scope, collected)
  const middle = leaves.length
  collect(item.right, scope, collected)
  if (item.isNatural || item.using.length > 0) links.join(middle - 1, middle)
  if (item.on !== undefined) conditions.push(item.on)
  if (item.alias !== undefined) {
    // A join with a name hides the names inside it; whatever names it may mean any of them.
    for (let index = before; index < leaves.length; index++) {
      leaves[index] = { isSmall: true, recursive: undefined, ...leaves[index], name: item.alias }
    }
  }
}

function leafOf(item: Exclude<FromItem, { kind: 'join' }>, scope: Scope): Leaf {
  switch (item.kind) {
    case 'table': {
      const name = item.path.at(-1) ?? ''
      const found = item.path.length === 1 ? scope.commonTables.find(name) : undefined
      const entry = found === 'unsure' ? undefined : found
      return {
        name: item.alias ?? name,
        isSmall: entry !== undefined && hasOneRow(entry.table.query),
        recursive: entry?.state === 'resolving' ? name : undefined,
      }
    }
    case 'subquery':
      return {
        name: item.alias,
        isSmall: item.isLateral || hasOneRow(item.query),
        recursive: undefined,
      }
    case 'function':
      return { name: item.alias, isSmall: true, recursive: undefined }
  }
}

/** Connects the tables that one condition compares, and notes those that it mentions at all. */
function connect(
  condition: Expression,
  leaves: readonly Leaf[],
  named: ReadonlyMap<string | undefined, Relation>,
  links: Links,
): void {
  if (condition.kind === 'operator' && condition.isLogical === true) {
    for (const operand of condition.operands) connect(operand, leaves, named, links)
    return
  }
  const mentioned = new Set<number>()
  mention(condition, leaves, named, mentioned)
  const [first, ...others] = mentioned
  if (first === undefined) return
  links.mention(first)
  for (const other of others) links.join(first, other)
}

function mention(
  expression: Expression,
  leaves: readonly Leaf[],
  named: ReadonlyMap<string | undefined, Relation>,
  mentioned: Set<number>,
): void {
  switch (expression.kind) {
    case 'column': {
      const [key = ''] = expression.parts.slice(-1)
      const qualifier = expression.parts.at(-2)
      leaves.forEach(({ name }, index) => {
        const relation = named.get(name)
        const isMeant =
          qualifier === undefined
            ? relation === undefined ||
              relation.rest !== undefined ||
              columnsNamed(relation.columns, key).length > 0
            : name === qualifier
        if (isMeant) mentioned.add(index)
      })
      return
    }
    case 'operator':
      for (const each of expression.operands) mention(each, leaves, named, mentioned)
      return
    case 'call':
      for (const each of expression.args) mention(each, leaves, named, mentioned)
      return
    case 'cast':
    case 'field':
      mention(expression.operand, leaves, named, mentioned)
      return
    case 'query':
      // A subquery may compare with any of the tables around it.
      leaves.forEach((_, index) => mentioned.add(index))
      return
    case 'literal':
    case 'parameter':
    case 'star':
  }
}

/** A recursive part must have something that can end it. */
function checkRecursion(
  context: Context,
  select: Select,
  leaves: readonly Leaf[],
  links: Links,
): void {
  const { recursion } = context.limits
  if (recursion === 'allowed') return
  const index = leaves.findIndex(({ recursive }) => recursive !== undefined)
  const name = leaves[index]?.recursive
  if (name === undefined) return
  const isBounded =
    links.isMentioned(index) || select.having !== undefined || context.reads.limitedTables.has(name)
  if (recursion === 'bounded' && isBounded) return
  context.reads.report({
    code: 'limit-exceeded',
    message:
      recursion === 'refused'
        ? `The common table ${name} must not refer to itself.`
        : `Nothing ends the recursion of ${name}; give its recursive part a condition on its columns.`,
    span: select.span,
    subject: name,
  })
}
