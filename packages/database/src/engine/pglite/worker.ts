// The thread of a PGlite engine: opens the image that it is told, and answers its parent.
import { parentPort, workerData } from 'node:worker_threads'
import { z } from 'zod'
import type { Request } from '../remote/protocol.ts'
import { serveEngine } from '../remote/serve.ts'
import { pglite } from './pglite.ts'

const dataSchema = z.object({
  image: z.union([z.string(), z.instanceof(Blob)]),
  searchPath: z.array(z.string()),
})
const answer = serveEngine(pglite(dataSchema.parse(workerData)), (message) =>
  parentPort?.postMessage(message),
)
parentPort?.on('message', (request: Request) => answer(request))
