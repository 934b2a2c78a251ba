// The process of a SQLite engine: opens the file that it is told, and answers its parent.
import { readSync } from 'node:fs'
import { isMainThread, Worker } from 'node:worker_threads'
import type { Request } from '../remote/protocol.ts'

/** Nothing of a process that only reads is worth a farewell, and nothing else ends a statement. */
function end(): void {
  process.kill(process.pid, 'SIGKILL')
}

if (isMainThread) {
  const [{ serveEngine }, { sqlite }] = await Promise.all([
    import('../remote/serve.ts'),
    import('./sqlite.ts'),
  ])
  const [, , path] = process.argv
  const answer = serveEngine(sqlite({ path }), (message) => {
    // Without a listener, an answer to a parent that has just gone would be an error of this process.
    if (process.connected) process.send?.(message, undefined, undefined, () => undefined)
  })
  process.on('message', (request: Request) => answer(request))
  process.on('disconnect', end)
  new Worker(new URL(import.meta.url)).unref()
} else {
  // While a statement computes, the main thread hears nothing; this one waits for the end of a pipe
  // whose other end the parent holds, and a parent that is gone holds nothing.
  const nothing = new Uint8Array(1)
  while (readSync(0, nothing) > 0);
  end()
}
