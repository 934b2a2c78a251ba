/**
 * Installs the embedded ClickHouse that the `engines` tests run on, outside of the repository: it
 * weighs 550 MB. `T2T_CHDB` names another folder for it.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

const version = '3.4.0'

/** Where it is, or will be. */
export function chdbFolder(): string {
  return process.env['T2T_CHDB'] ?? join(homedir(), '.cache', 't2t', `chdb-${version}`)
}

/** The file that tells that it is installed. */
export function chdbPackage(): string {
  return join(chdbFolder(), 'node_modules', 'chdb', 'package.json')
}

if (import.meta.main && !existsSync(chdbPackage())) {
  mkdirSync(chdbFolder(), { recursive: true })
  const options = [
    '--no-audit',
    '--no-fund',
    '--ignore-scripts',
    '--no-save',
    '--prefix',
    chdbFolder(),
  ]
  execFileSync('npm', ['install', ...options, `chdb@${version}`], { stdio: 'inherit' })
}
