import {
  type AstNode,
  type Expr,
  parse,
  type Select,
  type SelectTable,
  type Stmt,
} from 'sqlite3-parser'
import type { ParseBounds, ParsedText } from '../dialect.ts'
import { orFinding, refuse } from '../refusal.ts'
import type { Expression, FromItem, Query, Statement } from '../tree.ts'
import type { Build, Node } from './build.ts'
import { expressionKinds, joinsConditions } from './expressions.ts'
import { fromKinds } from './from.ts'
import { translateQuery } from './query.ts'

/** Parses a text with SQLite's own grammar and translates what it gives. */
export function parseSqlite(text: string, bounds: ParseBounds): ParsedText {
  const parsed = parse(text)
  if (parsed.status === 'error') {
    const span = parsed.errors[0]?.span
    return {
      kind: 'failed',
      finding: {
        code: 'syntax-invalid',
        message: 'SQLite cannot read the text from this position on.',
        ...(span === undefined ? {} : { span: { start: span.offset, end: text.length } }),
      },
    }
  }
  const result = orFinding(() => {
    return parsed.root.cmds.map((statement) => translateStatement(statement, createBuild(bounds)))
  })
  return 'finding' in result
    ? { kind: 'failed', finding: result.finding }
    : { kind: 'parsed', statements: result }
}

function translateStatement(statement: Stmt, build: Build): Statement {
  const span = build.span(statement)
  switch (statement.type) {
    case 'SelectStmt':
      return { kind: 'query', query: build.query(statement.body), span }
    case 'ExplainStmt':
      return {
        kind: 'explain',
        runs: false,
        statement: translateStatement(statement.stmt, build),
        span,
      }
    default:
      return { kind: 'other', name: statementName(statement.type), span }
  }
}

function statementName(type: string): string {
  return type
    .replace(/Stmt$/, '')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toUpperCase()
}

function createBuild(bounds: ParseBounds): Build {
  let depth = 0
  let joins = 0

  const nested = <Result>(node: Node, translate: () => Result): Result => {
    depth++
    if (depth > bounds.maxDepth) {
      refuse(
        'limit-exceeded',
        `The statement nests deeper than ${bounds.maxDepth} levels.`,
        build.span(node),
      )
    }
    const result = translate()
    depth--
    return result
  }

  const build: Build = {
    expression: (node: Expr) =>
      nested(node, () => {
        const spine = operatorSpine(node)
        return spine === undefined
          ? translate<Expression>(expressionKinds, node, build)
          : {
              kind: 'operator',
              symbols: [],
              isLogical: node.type === 'BinaryExpr' && joinsConditions(node),
              operands: spine.map((operand) => build.expression(operand)),
              span: build.span(node),
            }
      }),
    expressions: (nodes) => (nodes ?? []).map((node) => build.expression(node)),
    optional: (node) => (node === undefined ? undefined : build.expression(node)),
    query: (select: Select): Query => nested(select, () => translateQuery(select, build)),
    from: (table: SelectTable) => nested(table, () => translate<FromItem>(fromKinds, table, build)),
    join(node) {
      joins++
      if (joins > bounds.maxJoins) {
        refuse(
          'limit-exceeded',
          `The statement joins more than ${bounds.maxJoins} times.`,
          build.span(node),
        )
      }
    },
    span: ({ span }) => ({ start: span.offset, end: span.offset + span.length }),
  }
  return build
}

/** The operands of a long chain such as `a AND b AND c`, so that it costs one level. */
function operatorSpine(node: Expr): readonly Expr[] | undefined {
  if (node.type !== 'BinaryExpr' || node.left.type !== 'BinaryExpr') return undefined
  const operands: Expr[] = []
  let current: Expr = node
  const isLogical = joinsConditions(node)
  while (current.type === 'BinaryExpr' && joinsConditions(current) === isLogical) {
    operands.push(current.right)
    current = current.left
  }
  operands.push(current)
  return operands.reverse()
}

function translate<Result>(
  kinds: { readonly [Kind in AstNode['type']]?: unknown },
  node: AstNode,
  build: Build,
): Result {
  const entry: unknown = Object.hasOwn(kinds, node.type) ? kinds[node.type] : undefined
  if (typeof entry !== 'function') {
    return refuse(
      'construct-unknown',
      `The guard does not know the construct ${node.type}.`,
      build.span(node),
      node.type,
    )
  }
  // The table pairs each kind with the translation of its own node.
  return (entry as (node: AstNode, build: Build) => Result)(node, build)
}
