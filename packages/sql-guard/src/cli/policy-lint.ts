import { withInheritance } from '../catalog/inheritance.ts'
import type { Catalog } from '../catalog/catalog.ts'
import type { Dialect } from '../dialect/dialect.ts'
import { isSqlGuardError } from '../errors/errors.ts'
import { createSqlGuard } from '../guard/create-guard.ts'
import { type Access, compileAccess } from '../policy/access.ts'
import { definePolicy, type PolicyInput } from '../policy/define-policy.ts'
import { parsePolicy, placeIn } from '../policy/policy-file.ts'
import type { Policy } from '../policy/policy.ts'
import { CallError, type CommandIo, type ExitCode } from './io.ts'
import type { Options } from './options.ts'
import { readCatalog, readDialect, readText } from './read.ts'

/** Something in a policy that does not do what its author must think. */
interface LintProblem {
  readonly path: readonly (string | number)[]
  readonly message: string
}

/** Finds what is wrong with policies, and what they name in vain. */
export async function lintPolicy(
  options: Options,
  _file: string,
  io: CommandIo,
): Promise<ExitCode> {
  if (options.policy.length === 0) throw new CallError('policy lint needs --policy.')
  const catalog = await readCatalog(options.catalog, io)
  const dialect =
    options.dialect === undefined && catalog === undefined
      ? undefined
      : await readDialect(options.dialect, catalog)
  let code: ExitCode = 0
  for (const file of options.policy) {
    const text = await readText(file, io)
    const policy = parsePolicy(text, { file })
    const problems = [
      ...contradictions(policy),
      ...(dialect === undefined ? [] : needless(policy, dialect)),
      ...(dialect === undefined || catalog === undefined
        ? []
        : [...vain(policy, dialect, catalog), ...(await broken(policy, dialect, catalog))]),
    ]
    for (const { path, message } of problems) {
      const { line, column } = placeIn(text, path)
      code = 1
      io.write(
        options.json
          ? `${JSON.stringify({ file, line, column, path, message })}\n`
          : `${file}:${line}:${column}: ${path.join('.')} ${message}\n`,
      )
    }
    if (problems.length === 0 && !options.json) io.write(`${file}: nothing found\n`)
  }
  return code
}

/** Rules of which one takes the effect of the other away. */
function contradictions({ tables, columns, functions }: Policy): readonly LintProblem[] {
  const { mask = {}, minGroupSize = {} } = columns
  const twice = (
    path: readonly string[],
    names: readonly string[],
    others: readonly string[],
    message: string,
  ): readonly LintProblem[] =>
    names.flatMap((name, index) =>
      others.some((other) => other.toLowerCase() === name.toLowerCase())
        ? [{ path: [...path, path[1] === 'allow' ? index : name], message }]
        : [],
    )
  const allowed = tables.allow === 'all' ? [] : tables.allow
  return [
    ...twice(['tables', 'allow'], allowed, tables.block, 'is blocked as well; the block wins.'),
    ...twice(
      ['functions', 'allow'],
      functions.allow,
      functions.block,
      'is blocked as well; the block wins.',
    ),
    ...twice(
      ['columns', 'mask'],
      Object.keys(mask),
      columns.block,
      'is blocked as well; it is never shown.',
    ),
    ...twice(
      ['columns', 'minGroupSize'],
      Object.keys(minGroupSize),
      [...columns.block, ...Object.keys(mask)],
      'is blocked or masked as well; it can never be read.',
    ),
    ...(tables.allow !== 'all' && tables.allow.length === 0
      ? [{ path: ['tables', 'allow'], message: 'is empty; no table can be read.' }]
      : []),
  ]
}

/** Functions that are allowed anyhow. */
function needless({ functions }: Policy, { traits }: Dialect): readonly LintProblem[] {
  return functions.allow.flatMap((name, index) =>
    traits.safeFunctions.has(name.replace(/^pg_catalog\./, '').replace(/\/\d+$/, ''))
      ? [
          {
            path: ['functions', 'allow', index],
            message: `(${name}) is among the safe functions already.`,
          },
        ]
      : [],
  )
}

/** Names that nothing in the catalog has; each is tried with the rules that the guard uses. */
function vain(policy: Policy, dialect: Dialect, catalog: Catalog): readonly LintProblem[] {
  const accessOf = (input: PolicyInput): Access =>
    withInheritance(compileAccess(definePolicy(input), dialect.traits, catalog.searchPath), catalog)
  const problems: LintProblem[] = []
  const look = (
    path: readonly (string | number)[],
    what: 'table' | 'column',
    written: string,
    hits: (schema: string, table: string, column: string) => boolean,
  ): void => {
    const isHit = catalog.tables.some(({ schema, name, columns }) =>
      what === 'table'
        ? hits(schema, name, '')
        : columns.some((column) => hits(schema, name, column.name)),
    )
    if (!isHit) problems.push({ path, message: `(${written}) names no ${what} of the catalog.` })
  }
  const { tables, columns, rows } = policy
  for (const [index, name] of (tables.allow === 'all' ? [] : tables.allow).entries()) {
    const access = accessOf({ tables: { allow: [name] } })
    look(['tables', 'allow', index], 'table', name, (s, t) => access.namesTable(s, t))
  }
  for (const [index, name] of tables.block.entries()) {
    const access = accessOf({ tables: { block: [name] } })
    look(['tables', 'block', index], 'table', name, (s, t) => access.blocksTable(s, t))
  }
  for (const name of Object.keys(rows?.filter ?? {})) {
    const access = accessOf({ rows: { filter: { [name]: '1' } } })
    look(['rows', 'filter', name], 'table', name, (s, t) => access.filtersOf(s, t).length > 0)
  }
  const column = (path: readonly (string | number)[], name: string): void => {
    const access = accessOf({ columns: { block: [name] } })
    look(path, 'column', name, (s, t, c) => access.blocksColumn(s, t, c))
  }
  for (const [index, name] of columns.block.entries()) column(['columns', 'block', index], name)
  for (const name of Object.keys(columns.mask ?? {})) column(['columns', 'mask', name], name)
  for (const [name, group] of Object.entries(columns.minGroupSize ?? {})) {
    column(['columns', 'minGroupSize', name], name)
    if (typeof group === 'number') continue
    const unit = name.replace(/[^.]*$/, group.of)
    column(['columns', 'minGroupSize', name, 'of'], unit)
  }
  return problems
}

/** Row filters that are no conditions on their table. */
async function broken(
  { rows }: Policy,
  dialect: Dialect,
  catalog: Catalog,
): Promise<readonly LintProblem[]> {
  const problems: LintProblem[] = []
  for (const [name, condition] of Object.entries(rows?.filter ?? {})) {
    const attributes = Object.fromEntries(
      [...condition.matchAll(/:([A-Za-z_]\w*)/g)].map(([, attribute = '']) => [attribute, null]),
    )
    try {
      const policy = definePolicy({ rows: { filter: { [name]: condition } } })
      await createSqlGuard({ dialect, catalog, policy, attributes })
    } catch (error) {
      if (!isSqlGuardError(error)) throw error
      problems.push({
        path: ['rows', 'filter', name],
        message: `is no condition: ${error.message}`,
      })
    }
  }
  return problems
}
