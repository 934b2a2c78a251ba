import type { WebSocket, WebSocketServer } from 'ws'

const heartbeatMs = 30_000

/** Ends sockets whose other end is gone without having said so; gives what ends the looking. */
export function endDeadSockets(sockets: WebSocketServer, everyMs = heartbeatMs): Disposable {
  const alive = new WeakSet<WebSocket>()
  sockets.on('connection', (socket) => {
    alive.add(socket)
    socket.on('pong', () => alive.add(socket))
  })
  const timer = setInterval(() => {
    for (const socket of sockets.clients) {
      if (!alive.delete(socket)) socket.terminate()
      else socket.ping()
    }
  }, everyMs)
  timer.unref()
  return { [Symbol.dispose]: () => clearInterval(timer) }
}

/** Counts the open sockets of every caller. */
export interface Visitors {
  /** Counts one more; `false` when the caller has as many as they may. */
  enter(caller: string): boolean
  leave(caller: string): void
}

export function createVisitors(most: number): Visitors {
  const open = new Map<string, number>()
  return {
    enter(caller) {
      const now = open.get(caller) ?? 0
      if (now >= most) return false
      open.set(caller, now + 1)
      return true
    },
    leave(caller) {
      const left = (open.get(caller) ?? 1) - 1
      if (left > 0) open.set(caller, left)
      else open.delete(caller)
    },
  }
}
