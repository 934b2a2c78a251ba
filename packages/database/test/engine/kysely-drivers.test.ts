import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const run = promisify(execFile)

it('loads no driver with the entry for Kysely, so that a program needs only its own', async () => {
  const hook = `import { registerHooks } from 'node:module'
    registerHooks({ resolve(name, context, next) {
      if (/^(pg|mysql2|@electric-sql|sqlite3-parser)\\b/.test(name)) throw new Error(name)
      return next(name, context)
    } })`

  const { stdout } = await run(
    process.execPath,
    [
      '--conditions=@t2t/source',
      `--import=data:text/javascript,${encodeURIComponent(hook)}`,
      '--input-type=module',
      '--eval=console.log(Object.keys(await import("@t2t/database/kysely")).join())',
    ],
    { cwd: import.meta.dirname },
  )

  expect(stdout.trim()).toBe('kysely')
})
