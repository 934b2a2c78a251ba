import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Answer } from '../remote/protocol.ts'
import type { Host, HostListener } from '../remote/remote.ts'

/** Starts a process that has one database file open, and nothing of our environment. */
export function startChild(path: string, { onAnswer, onGone }: HostListener): Host {
  const child = fork(fileURLToPath(script()), [path], {
    execArgv: ['--disable-warning=ExperimentalWarning'],
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

/** The script beside this file; a build puts both into one folder. */
function script(): URL {
  return import.meta.url.endsWith('.ts')
    ? new URL('child.ts', import.meta.url)
    : new URL('sqlite-child.js', import.meta.url)
}
