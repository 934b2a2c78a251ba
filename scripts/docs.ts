// Builds the documentation: the API pages from the sources, then the site. `npm run docs -- dev` serves it while you write.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

process.chdir(join(import.meta.dirname, '..'))
const mode = process.argv[2] ?? 'build'

function run(program: string, args: readonly string[]): void {
  const { status, error } = spawnSync(program, args, { stdio: 'inherit' })
  if (status !== 0) {
    process.stderr.write(
      `${program} ${args.join(' ')} failed: ${error?.message ?? `exit code ${status}`}\n`,
    )
    process.exit(1)
  }
}

run('typedoc', [])
run('vitepress', [mode, 'docs'])
