import { execFileSync } from 'node:child_process'
import { existsSync, globSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import path from 'node:path'
import { mariadbStatements, postgresStatements, sqliteStatements } from './suites-split.ts'

/** The regression suite of an engine. */
export interface Suite {
  readonly engine: 'postgres' | 'sqlite' | 'mysql'
  /** Name and version of the source package that it comes from. */
  readonly from: string
  /** Each statement once, in the order of the suite. */
  readonly statements: readonly string[]
}

interface Source {
  readonly engine: Suite['engine']
  /** Source packages of the distribution, the newest first. */
  readonly packages: readonly string[]
  readonly archive: RegExp
  /** What is taken out of the archive. */
  readonly pattern: string
  readonly split: (text: string) => readonly string[]
}

const sources: readonly Source[] = [
  {
    engine: 'postgres',
    packages: ['postgresql-18', 'postgresql-17', 'postgresql-16', 'postgresql-15'],
    archive: /^postgresql-.*\.orig\.tar\.[a-z0-9]+$/,
    pattern: '*/src/test/regress/sql/*.sql',
    split: postgresStatements,
  },
  {
    engine: 'sqlite',
    packages: ['sqlite3'],
    archive: /^sqlite3_.*\.orig\.tar\.[a-z0-9]+$/,
    pattern: '*/test/*.test',
    split: sqliteStatements,
  },
  {
    engine: 'mysql',
    packages: ['mariadb', 'mariadb-10.5'],
    archive: /^mariadb.*\.orig\.tar\.[a-z0-9]+$/,
    pattern: '*/mysql-test/main/*.test',
    split: mariadbStatements,
  },
]

const cache = path.join(homedir(), '.cache', 't2t-bench')

/**
 * Gives the regression suites of the engines, out of the source packages of the distribution that
 * this machine is set up for. They are kept in a cache, and none of them is part of the project.
 */
export function suites(): readonly Suite[] {
  return sources.flatMap((source) => {
    const files = suiteFiles(source)
    if (files === undefined) return []
    const statements = files.names.flatMap((name) =>
      source.split(readFileSync(path.join(files.folder, name), 'latin1')),
    )
    return [{ engine: source.engine, from: files.from, statements: [...new Set(statements)] }]
  })
}

function suiteFiles({ engine, packages, archive, pattern }: Source) {
  const folder = path.join(cache, engine)
  try {
    mkdirSync(folder, { recursive: true })
    const archiveIn = () => readdirSync(folder).find((name) => archive.test(name))
    if (archiveIn() === undefined) download(packages, folder)
    const file = archiveIn()
    if (file === undefined) return undefined
    const unpacked = path.join(folder, 'unpacked')
    if (!existsSync(unpacked)) {
      mkdirSync(unpacked)
      run('tar', ['-xf', path.join(folder, file), '-C', unpacked, '--wildcards', pattern])
    }
    const names = globSync('**/*.{sql,test}', { cwd: unpacked }).toSorted()
    return { folder: unpacked, from: file.replace(/\.orig.*/, ''), names }
  } catch {
    // A machine without these packages still measures the rest.
    return undefined
  }
}

/** Fetches a source package from the archive that the machine's own packages come from. */
function download(packages: readonly string[], folder: string): void {
  const targets = run('apt-get', [
    'indextargets',
    '--format',
    '$(REPO_URI) $(RELEASE) $(COMPONENT)',
  ])
  const main = targets.split('\n').find((line) => /^\S+ [a-z]+ main$/.test(line))
  if (main === undefined) return
  const list = path.join(folder, 'sources.list')
  writeFileSync(list, `deb-src ${main}\n`)
  mkdirSync(path.join(folder, 'lists', 'partial'), { recursive: true })
  const options = [
    `Dir::Etc::sourcelist=${list}`,
    'Dir::Etc::sourceparts=/dev/null',
    `Dir::State::lists=${path.join(folder, 'lists')}`,
  ].flatMap((option) => ['-o', option])
  run('apt-get', [...options, 'update'], folder)
  for (const name of packages) {
    try {
      run('apt-get', [...options, 'source', '--download-only', name], folder)
      return
    } catch {
      // This release has another version.
    }
  }
}

function run(command: string, args: readonly string[], cwd?: string): string {
  return execFileSync(command, args, {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    maxBuffer: 1e8,
  })
}
