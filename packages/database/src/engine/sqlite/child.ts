// The process of a SQLite engine: opens the file that it is told, and answers its parent.
import type { Request } from '../remote/protocol.ts'
import { serveEngine } from '../remote/serve.ts'
import { sqlite } from './sqlite.ts'

const [, , path] = process.argv
const answer = serveEngine(sqlite({ path }), (message) => {
  if (process.connected) process.send?.(message)
})
process.on('message', (request: Request) => answer(request))
process.on('disconnect', () => process.exit())
