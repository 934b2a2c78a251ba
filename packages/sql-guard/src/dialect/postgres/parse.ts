import { type A_Expr, type Node, type SelectStmt, SqlError } from 'libpg-query'
import { skipQuoted } from '../../gate/skip.ts'
import type { Span } from '../../guard/verdict.ts'
import type { ParseBounds, ParsedText } from '../dialect.ts'
import { orFinding, refuse } from '../refusal.ts'
import type { Expression, FromItem, Query, Statement } from '../tree.ts'
import { expressionKinds } from './expressions.ts'
import { fromKinds } from './from.ts'
import { type Build, kindOf, knownFields, type NodeKind } from './nodes.ts'
import { postgresLexis } from './lexis.ts'
import { readStatements } from './reader.ts'
import { createSpans } from './spans.ts'
import { translateQuery } from './query.ts'

/** Shorter texts cannot hold a chain that hurts. */
const harmlessLength = 8_000

/**
 * Links of chains such as `a + b + c`, `x::int::int` or `NOT NOT y` that one text may have.
 *
 * The parser recurses over them, and runs out of stack at some 3,500 links of `AT`, and at some
 * 5,000 of any other kind.
 */
const maxChainLinks = 2_000

const linkWord =
  /(?:not|and|or|is|in|like|ilike|between|collate|at|union|case|join|isnull|notnull)(?![\w$])/iy

function hasLongChains(text: string): boolean {
  if (text.length < harmlessLength) return false
  let links = 0
  for (let at = 0; at < text.length; at++) {
    const skipped = skipQuoted(text, at, postgresLexis)
    if (skipped === 'unterminated') return false
    if (skipped !== undefined) {
      at = skipped.end - 1
      continue
    }
    const character = text[at] ?? ''
    if ('-+*/%^<>=~!@#&|`?:['.includes(character)) links++
    else if (/[a-z]/i.test(character) && !/[\w$]/.test(text[at - 1] ?? ' ')) {
      linkWord.lastIndex = at
      if (linkWord.test(text)) links++
    }
  }
  return links > maxChainLinks
}

/** Parses a text with PostgreSQL's own grammar and translates what it gives. */
export function parsePostgres(text: string, bounds: ParseBounds): ParsedText {
  if (text === '') return { kind: 'parsed', statements: [] }
  if (hasLongChains(text)) {
    const message = `The text chains more than ${maxChainLinks} operators and conditions.`
    return { kind: 'failed', finding: { code: 'limit-exceeded', message } }
  }
  let roots
  try {
    roots = readStatements(text).stmts ?? []
  } catch (error) {
    return { kind: 'failed', finding: syntaxFinding(error, text) }
  }
  const spans = createSpans(text)
  const result = orFinding(() =>
    roots.map((root): Statement => {
      const start = spans.index(root.stmt_location ?? 0)
      const end =
        root.stmt_len === undefined
          ? text.length
          : spans.index((root.stmt_location ?? 0) + root.stmt_len)
      return translateStatement(root.stmt, { start, end }, createBuild(spans.at, bounds))
    }),
  )
  return 'finding' in result
    ? { kind: 'failed', finding: result.finding }
    : { kind: 'parsed', statements: result }
}

function translateStatement(node: Node | undefined, span: Span, build: Build): Statement {
  if (node === undefined) return { kind: 'other', name: 'empty statement', span }
  if ('SelectStmt' in node) return { kind: 'query', query: build.query(node.SelectStmt), span }
  if ('ExplainStmt' in node) {
    const options = node.ExplainStmt.options ?? []
    return {
      kind: 'explain',
      runs: options.some(
        (option) =>
          !('DefElem' in option) || /^(analyze|analyse)$/i.test(option.DefElem.defname ?? ''),
      ),
      statement: translateStatement(node.ExplainStmt.query, span, build),
      span,
    }
  }
  return { kind: 'other', name: statementName(kindOf(node)), span }
}

/** `CreateTableAsStmt` becomes `CREATE TABLE AS`. */
function statementName(kind: string): string {
  return kind
    .replace(/Stmt$/, '')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toUpperCase()
}

function createBuild(span: Build['span'], bounds: ParseBounds): Build {
  let depth = 0
  let joins = 0

  const enter = (): void => {
    depth++
    if (depth > bounds.maxDepth) {
      const message = `The statement nests deeper than ${bounds.maxDepth} levels.`
      refuse('limit-exceeded', message, span(0))
    }
  }

  const build: Build = {
    expression(node) {
      if (node === undefined) return refuse('construct-unknown', 'An operand is missing.', span(0))
      enter()
      const spine = operatorSpine(node)
      const expression =
        spine === undefined
          ? translate<Expression>(expressionKinds, node, build)
          : chained(spine, build)
      depth--
      return expression
    },
    expressions: (nodes) => translateAll(nodes, build),
    optional: (node) => (node === undefined ? undefined : build.expression(node)),
    query(statement: SelectStmt): Query {
      enter()
      checkFields('SelectStmt', statement, build)
      const query = translateQuery(statement, build)
      depth--
      return query
    },
    subquery: (node) =>
      node !== undefined && 'SelectStmt' in node
        ? build.query(node.SelectStmt)
        : refuse('construct-unknown', 'A subquery cannot be read.', span(0)),
    from(node) {
      if ('JoinExpr' in node) build.join()
      enter()
      const item = translate<FromItem>(fromKinds, node, build)
      depth--
      return item
    },
    join() {
      joins++
      if (joins > bounds.maxJoins) {
        refuse('limit-exceeded', `The statement joins more than ${bounds.maxJoins} times.`, span(0))
      }
    },
    span,
  }
  return build
}

/** Translates nodes; empty ones stand for places that hold nothing. */
function translateAll(nodes: readonly Node[] | undefined, build: Build): readonly Expression[] {
  if (nodes === undefined) return []
  const expressions: Expression[] = []
  for (const node of nodes) if (kindOf(node) !== '') expressions.push(build.expression(node))
  return expressions
}

function chained([first, ...rest]: readonly Node[], build: Build): Expression {
  const steps = rest.map((step) => translate<Expression>(expressionKinds, step, build))
  return {
    kind: 'operator',
    symbols: [],
    operands: [...translateAll(first === undefined ? [] : [first], build), ...steps],
    span: steps[0]?.span ?? build.span(0),
  }
}

/**
 * The operands of a long chain such as `a || b || c`, with every operator as a node without its
 * left side, so that the chain costs one level and not one each.
 */
function operatorSpine(node: Node): readonly Node[] | undefined {
  if (!('A_Expr' in node)) return undefined
  const { lexpr } = node.A_Expr
  if (lexpr === undefined || !('A_Expr' in lexpr)) return undefined
  const steps: Node[] = []
  let current: Node = node
  while ('A_Expr' in current && current.A_Expr.lexpr !== undefined) {
    const { lexpr: left, ...step }: A_Expr = current.A_Expr
    steps.push({ A_Expr: step })
    if (left === undefined) break
    current = left
  }
  return [current, ...steps.reverse()]
}

function translate<Result>(
  kinds: { readonly [Kind in NodeKind]?: unknown },
  node: Node,
  build: Build,
): Result {
  const kind = kindOf(node)
  const entry: unknown = Object.hasOwn(kinds, kind) ? Reflect.get(kinds, kind) : undefined
  const value: unknown = Reflect.get(node, kind)
  if (typeof entry !== 'function' || typeof value !== 'object' || value === null) {
    return refuse(
      'construct-unknown',
      `The guard does not know the construct ${kind}.`,
      build.span(0),
      kind,
    )
  }
  checkFields(kind, value, build)
  // The table pairs each kind with the translation of its own value.
  return (entry as (value: object, build: Build) => Result)(value, build)
}

const fields: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries(knownFields).map(([kind, names]) => [kind, new Set<string>(names)]),
)

function checkFields(kind: string, value: object, build: Build): void {
  const known = fields.get(kind)
  for (const field in value) {
    if (known?.has(field) !== true) {
      const message = `The guard does not know the part ${field} of ${kind}.`
      refuse('construct-unknown', message, build.span(0), kind)
    }
  }
}

function syntaxFinding(error: unknown, text: string) {
  if (!(error instanceof SqlError)) {
    const message =
      'The parser of PostgreSQL failed on this text or one before; it is started again.'
    return { code: 'limit-exceeded', message } as const
  }
  const details = error.sqlDetails
  const at = details === undefined ? undefined : Math.max(0, details.cursorPosition)
  const isSyntax = details !== undefined && details.message.startsWith('syntax error')
  return {
    code: 'syntax-invalid',
    message: isSyntax
      ? 'PostgreSQL cannot read the text from this position on.'
      : 'PostgreSQL cannot read the text.',
    ...(at === undefined || at > text.length ? {} : { span: { start: at, end: text.length } }),
  } as const
}
