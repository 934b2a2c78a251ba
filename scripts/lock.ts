// Makes the lock file anew: `npm run lock`. npm leaves out packages for other platforms that it did not
// need or could not find, and `npm ci` then refuses the lock; this writes them down.
import { spawnSync } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

interface Locked {
  version?: string
  optional?: boolean
  os?: string[]
  cpu?: string[]
  libc?: string[]
  optionalDependencies?: Record<string, string>
}

const systems = [
  'aix',
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'win32',
]
const processors = [
  'arm64',
  'arm',
  'x64',
  'ia32',
  'ppc64',
  'riscv64',
  's390x',
  'loong64',
  'mips64el',
  'wasm32',
]

/** Adds an entry for every optional dependency that has none; gives their names. */
export function completeLock(packages: Record<string, Locked>): readonly string[] {
  const added: string[] = []
  for (const [path, locked] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(locked.optionalDependencies ?? {})) {
      if (!/^\d/.test(version) || resolves(packages, path, name, version)) continue
      const root = `node_modules/${name}`
      const place = root in packages ? `${path}/node_modules/${name}` : root
      packages[place] = { version, optional: true, ...platformOf(name) }
      added.push(name)
    }
  }
  return added
}

/** Whether Node would find the package from a place, in the version that is wanted. */
function resolves(
  packages: Record<string, Locked>,
  from: string,
  name: string,
  version: string,
): boolean {
  for (let place = from; place !== ''; place = parentOf(place)) {
    const found = packages[`${place}/node_modules/${name}`]
    if (found !== undefined) return found.version === version
  }
  return packages[`node_modules/${name}`]?.version === version
}

/** The package in whose folder a package lies; empty for the root. */
function parentOf(place: string): string {
  return place.slice(0, Math.max(0, place.lastIndexOf('/node_modules/')))
}

/** What the name of a platform package says: `@oxlint/binding-linux-x64-musl`. */
export function platformOf(name: string): Pick<Locked, 'os' | 'cpu' | 'libc'> {
  const words = name.slice(name.lastIndexOf('/') + 1).split('-')
  const os = systems.find((system) => words.includes(system))
  const cpu = processors.find((processor) => words.includes(processor))
  const libc =
    os !== 'linux' ? undefined : words.some((word) => word.startsWith('musl')) ? 'musl' : 'glibc'
  const isAmbiguous = libc === 'glibc' && !words.some((word) => word.startsWith('gnu'))
  return {
    ...(cpu === undefined ? {} : { cpu: [cpu] }),
    ...(os === undefined ? {} : { os: [os] }),
    ...(libc === undefined || isAmbiguous ? {} : { libc: [libc] }),
  }
}

if (import.meta.main) {
  process.chdir(join(import.meta.dirname, '..'))
  rmSync('package-lock.json', { force: true })
  const npm = spawnSync('npm', ['install', '--package-lock-only'], { stdio: 'inherit' })
  if (npm.status !== 0) process.exit(npm.status ?? 1)
  const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
    packages: Record<string, Locked>
  }
  const added = completeLock(lock.packages)
  lock.packages = Object.fromEntries(
    Object.entries(lock.packages).toSorted(([left], [right]) => (left < right ? -1 : 1)),
  )
  writeFileSync('package-lock.json', `${JSON.stringify(lock, null, 2)}\n`)
  process.stdout.write(
    `lock: ${Object.keys(lock.packages).length} packages, ${added.length} of other platforms written down\n`,
  )
}
