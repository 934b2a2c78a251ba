import type { Engine } from '../engine.ts'
import { toFailure, type Answer, type Request } from './protocol.ts'

/** Opens an engine of this process, says when that is done, and answers requests with it. */
export function serveEngine(
  engine: Engine,
  answer: (message: Answer) => void,
): (request: Request) => void {
  const running = new Map<number, AbortController>()
  const ready = (): void => answer({ kind: 'ready' })
  // Why it cannot be opened is told to the first request.
  engine.ping(new AbortController().signal).then(ready, ready)

  const run = (
    request: Request,
    signal: AbortSignal,
  ): ReturnType<Engine['read' | 'introspect']> | Promise<void> => {
    switch (request.kind) {
      case 'read':
        return engine.read(request.sql, request.caps, signal, request.decided)
      case 'introspect':
        return engine.introspect(signal)
      default:
        return engine.ping(signal)
    }
  }

  return (request) => {
    const { id } = request
    if (request.kind === 'abort') {
      running.get(id)?.abort()
      return
    }
    const controller = new AbortController()
    running.set(id, controller)
    run(request, controller.signal)
      .then(
        (value) => answer({ id, kind: 'done', value: value ?? undefined }),
        (error: unknown) => answer({ id, kind: 'failed', failure: toFailure(error) }),
      )
      .finally(() => running.delete(id))
  }
}
