import { watch } from 'node:fs'
import { createProgress } from '../../terminal/progress.ts'
import { bold } from '../../terminal/style.ts'
import { assemble } from '../assemble.ts'
import type { ServerConfig } from '../config/schema.ts'
import { keepServing } from '../keep.ts'
import { explain, type CommandOptions } from './said.ts'

export interface ServeOptions extends CommandOptions {
  /** Reads the configuration again. */
  readonly read: () => ServerConfig
  /** The file that is looked at for changes. */
  readonly path: string | undefined
}

const settleMs = 200

/** Opens everything, serves until the process is told to end, and takes over changes of the file. */
export async function serveUntilTold(config: ServerConfig, options: ServeOptions): Promise<void> {
  const { environment, path, write, complain } = options
  const port = portOf(environment)
  write(`${bold('t2t')}  questions in plain language, answered from SQL databases\n\n`)
  await using application = await assemble({ config, progress: createProgress(3, write) })
  write(`\nThe SQL is written by ${application.generator}.\n`)

  let reloading = Promise.resolve()
  const reload = (): void => {
    reloading = reloading.then(async () => {
      try {
        await application.reload(options.read())
        await application.audit({
          caller: '',
          role: '',
          action: 'config-reloaded',
          outcome: 'in-force',
        })
        write('The configuration was read again and is in force.\n')
      } catch (error) {
        complain(`${explain(error)}\nThe old one stays in force.\n`)
      }
    })
  }
  using _watching = path === undefined ? undefined : watching(path, reload)
  process.on('SIGHUP', reload)
  try {
    await keepServing(application, { port, write })
  } finally {
    process.removeListener('SIGHUP', reload)
    await reloading
  }
}

/** Tells once for the several events that one saving makes. */
function watching(path: string, tell: () => void): Disposable {
  let timer: NodeJS.Timeout | undefined
  // Editors replace the file, so what is watched has to be found again.
  const watcher = watch(path, { persistent: false }, () => {
    clearTimeout(timer)
    timer = setTimeout(tell, settleMs)
  })
  return {
    [Symbol.dispose]() {
      clearTimeout(timer)
      watcher.close()
    },
  }
}

/** @throws `Error` for a port that there is not. */
function portOf(environment: NodeJS.ProcessEnv): number | undefined {
  const given = environment['PORT']
  if (given === undefined) return undefined
  const port = Number(given)
  if (given === '' || !Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Error(`PORT must be an integer from 0 to 65535, got ${given}.`)
  return port
}
