// Type-checks every fenced TypeScript snippet of the documentation and every @example.
import { spawnSync } from 'node:child_process'
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
process.chdir(root)

const target = '.snippets'
const documents = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  ...globSync('packages/*/README.md'),
  ...globSync('examples/*/README.md'),
  ...globSync('docs/**/*.md', { exclude: ['docs/api/**', 'docs/.vitepress/**'] }),
]
const sources = globSync('packages/*/src/**/*.ts')

interface Snippet {
  readonly file: string
  readonly line: number
  readonly code: string
}

/** Finds fenced `ts` blocks; a block marked `ts no-check` is left out. */
function snippetsOf(file: string, text: string, prefix: RegExp): Snippet[] {
  const found: Snippet[] = []
  let start = -1
  let code: string[] = []
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.replace(prefix, '')
    if (start < 0 && /^```ts\s*$/.test(line)) start = index + 2
    else if (start >= 0 && line.startsWith('```')) {
      found.push({ file, line: start, code: code.join('\n') })
      start = -1
      code = []
    } else if (start >= 0) code.push(line)
  }
  return found
}

const snippets = [
  ...documents.flatMap((file) => snippetsOf(file, readFileSync(file, 'utf8'), /^$/)),
  ...sources.flatMap((file) => {
    const comments = readFileSync(file, 'utf8').replace(/^(?!\s*\*).*$/gm, '')
    return snippetsOf(file, comments, /^\s*\* ?/)
  }),
]

rmSync(target, { recursive: true, force: true })
mkdirSync(target, { recursive: true })
const origin = new Map<string, Snippet>()
for (const [index, snippet] of snippets.entries()) {
  const name = `snippet-${index}.ts`
  origin.set(name, snippet)
  writeFileSync(join(target, name), `${snippet.code}\nexport {}\n`)
}
writeFileSync(
  join(target, 'tsconfig.json'),
  JSON.stringify({
    extends: '../tsconfig.json',
    compilerOptions: { noUnusedLocals: false, noUnusedParameters: false },
    include: ['*.ts'],
    exclude: [],
  }),
)

const run = spawnSync(
  process.execPath,
  [
    join('node_modules', 'typescript-7', 'bin', 'tsc'),
    '--noEmit',
    '--pretty',
    'false',
    '-p',
    target,
  ],
  { encoding: 'utf8' },
)
const output = `${run.stdout}${run.stderr}`.replaceAll(
  /^(?:\.snippets\/)?(snippet-\d+\.ts)\((\d+),(\d+)\)/gm,
  (_, name: string, line: string, column: string) => {
    const snippet = origin.get(name)
    return snippet === undefined
      ? name
      : `${snippet.file}:${snippet.line + Number(line) - 1}:${column}`
  },
)
rmSync(target, { recursive: true, force: true })
if (run.status !== 0) process.stderr.write(output)
process.stdout.write(
  `snippets: ${snippets.length} checked in ${documents.length + sources.length} files\n`,
)
process.exitCode = run.status === 0 ? 0 : 1
