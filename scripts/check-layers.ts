// Fails when a file imports something that its layer must not know.
import { globSync, readFileSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

/** What may import what; an entry that is not named here has the row of its package. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  'sql-guard': [],
  resilience: [],
  metrics: [],
  sessions: [],
  database: ['sql-guard', 'resilience'],
  'mcp-orchestrator': ['resilience'],
  'llm-sql': ['sql-guard', 'resilience'],
  // What serves databases over MCP; the rest of the package knows nothing of it.
  'database/server': ['sql-guard', 'resilience', 'mcp-orchestrator'],
  // What runs questions on databases; it is loaded for those that are not SQLite.
  'llm-sql/evaluate': ['sql-guard', 'resilience', 'database'],
}

/** Edges for types alone: from an entry (or a folder behind it) to a package. */
const typesOnly: Readonly<Record<string, readonly string[]>> = {
  'metrics/sql-guard': ['sql-guard'],
  'metrics/resilience': ['resilience'],
  'metrics/mcp-orchestrator': ['mcp-orchestrator'],
  'metrics/llm-sql': ['llm-sql'],
  'metrics/database': ['database'],
  'metrics/observe': ['sql-guard', 'resilience', 'mcp-orchestrator', 'llm-sql', 'database'],
  'llm-sql/mcp': ['mcp-orchestrator'],
}

interface Import {
  readonly specifier: string
  readonly isTypeOnly: boolean
  readonly line: number
}

/** Lists what a file imports, statically or dynamically. */
export function importsOf(text: string, file: string): readonly Import[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true)
  const found: Import[] = []
  const add = (node: ts.Expression | undefined, isTypeOnly: boolean): void => {
    if (node === undefined || !ts.isStringLiteral(node)) return
    const line = source.getLineAndCharacterOfPosition(node.getStart()).line + 1
    found.push({ specifier: node.text, isTypeOnly, line })
  }
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) {
      add(node.moduleSpecifier, node.importClause?.isTypeOnly ?? false)
    } else if (ts.isExportDeclaration(node)) {
      add(node.moduleSpecifier, node.isTypeOnly)
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      add(node.arguments[0], false)
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      if (ts.isStringLiteral(node.argument.literal)) add(node.argument.literal, true)
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}

/** Says what is wrong with the imports of one source file of a package, one line each. */
export function violations(file: string, text: string): readonly string[] {
  const [, owner, , ...inside] = file.split('/')
  if (owner === undefined) return []
  const packages = Object.keys(allowed).filter((name) => !name.includes('/'))
  const place = `${owner}/${basename(inside[0] ?? '', '.ts')}`
  const problems: string[] = []
  for (const { specifier, isTypeOnly, line } of importsOf(text, file)) {
    const where = `${file}:${line}`
    const [, target] = /^@t2t\/([^/]+)/.exec(specifier) ?? []
    if (target !== undefined) {
      if (target === owner) problems.push(`${where} imports its own package by name.`)
      else if (!packages.includes(target))
        problems.push(`${where} imports an unknown package ${specifier}.`)
      else if ((allowed[place] ?? allowed[owner])?.includes(target)) continue
      else if (typesOnly[place]?.includes(target) && isTypeOnly) continue
      else problems.push(`${where} imports ${specifier}; ${owner} must not know it.`)
    } else if (specifier.startsWith('.')) {
      const target = relative('.', resolve(dirname(file), specifier)).replaceAll('\\', '/')
      if (!target.startsWith(`packages/${owner}/src/`)) {
        problems.push(`${where} reaches out of its package to ${target}.`)
      } else if (inside.length > 1 && target.split('/').length === 4) {
        problems.push(`${where} imports an entry; entries re-export and are imported from outside.`)
      }
    }
  }
  return problems
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.chdir(join(dirname(fileURLToPath(import.meta.url)), '..'))
  const files = globSync('packages/*/src/**/*.ts').map((file) => file.replaceAll('\\', '/'))
  const problems = files.toSorted().flatMap((file) => violations(file, readFileSync(file, 'utf8')))
  for (const problem of problems) process.stderr.write(`${problem}\n`)
  process.stdout.write(`layers: ${files.length} files, ${problems.length} problems\n`)
  process.exitCode = problems.length > 0 ? 1 : 0
}
