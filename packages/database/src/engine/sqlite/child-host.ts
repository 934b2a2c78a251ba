import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Answer } from '../remote/protocol.ts'
import type { Host, HostListener } from '../remote/remote.ts'

/** Whether this file runs unbuilt; a build puts it and the script of the process into one folder. */
const isSource = import.meta.url.endsWith('.ts')

/** Starts a process that has one database file open, and nothing of our environment. */
export function startChild(path: string, { onAnswer, onGone }: HostListener): Host {
  const script = isSource
    ? new URL('child.ts', import.meta.url)
    : new URL('sqlite-child.js', import.meta.url)
  const child = fork(fileURLToPath(script), [path], {
    // Packages that run from source find each other by a condition, which a new process must be told.
    execArgv: [
      '--disable-warning=ExperimentalWarning',
      ...(isSource ? ['--conditions=@t2t/source'] : []),
    ],
    serialization: 'advanced',
    // The first pipe is never written to: its end tells the process that we are gone.
    stdio: ['pipe', 'ignore', 'inherit', 'ipc'],
    env: {},
  })
  const gone = once(child, 'exit')
  child.on('message', (answer: Answer) => onAnswer(answer))
  child.on('error', () => {})
  child.stdin?.on('error', () => {})
  void gone.then(onGone)
  child.unref()

  return {
    send(request) {
      // Whether it went away meanwhile is told by its exit.
      if (child.connected) child.send(request, () => {})
    },
    async kill() {
      // Whoever waits for its end must not end first.
      child.ref()
      child.kill('SIGKILL')
      await gone
    },
    keepAlive(isNeeded) {
      if (isNeeded) child.channel?.ref()
      else child.channel?.unref()
    },
  }
}
