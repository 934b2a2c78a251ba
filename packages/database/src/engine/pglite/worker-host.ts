import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { Answer } from '../remote/protocol.ts'
import type { Host, HostListener } from '../remote/remote.ts'

/** Starts a thread that has its own copy of a database image in memory. */
export function startWorker(
  data: { readonly image: string | Blob; readonly searchPath: readonly string[] },
  { onAnswer, onGone }: HostListener,
): Host {
  const worker = new Worker(script(), { workerData: data })
  const gone = once(worker, 'exit')
  worker.on('message', (answer: Answer) => onAnswer(answer))
  worker.on('error', () => {})
  void gone.then(onGone, onGone)
  worker.unref()

  return {
    send: (request) => worker.postMessage(request),
    async kill() {
      worker.ref()
      await worker.terminate()
    },
    keepAlive(isNeeded) {
      if (isNeeded) worker.ref()
      else worker.unref()
    },
  }
}

/** The script beside this file; a build puts both into one folder. */
function script(): URL {
  return import.meta.url.endsWith('.ts')
    ? new URL('worker.ts', import.meta.url)
    : new URL('pglite-worker.js', import.meta.url)
}
