import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What the server answers to one request. */
export interface ScriptedResponse {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** Breaks the connection after half of the body. */
  readonly isCutOff?: boolean
  /** Never answers. */
  readonly isSilent?: boolean
}

/** Answers a request by its body and path. */
export type Answering = (body: string, path: string) => ScriptedResponse

/** A request that the server saw. */
export interface SeenRequest {
  readonly path: string | undefined
  readonly authorization: string | undefined
  readonly body: unknown
}

/** A model server on loopback that answers by a script, and after its end as at its end. */
export async function startModelServer(...script: readonly (ScriptedResponse | Answering)[]) {
  const requests: SeenRequest[] = []
  let heardSilently = (): void => {}
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    incoming.on('end', () => {
      const { url: path, headers } = incoming
      requests.push({
        path,
        authorization: headers.authorization,
        body: JSON.parse(Buffer.concat(chunks).toString()),
      })
      const entry = script[Math.min(requests.length, script.length) - 1] ?? {}
      const response =
        typeof entry === 'function' ? entry(Buffer.concat(chunks).toString(), path ?? '') : entry
      if (response.isSilent === true) return heardSilently()
      const { status = 200, body = '' } = response
      outgoing.writeHead(status, { 'content-length': Buffer.byteLength(body), ...response.headers })
      if (response.isCutOff !== true) outgoing.end(body)
      else outgoing.write(body.slice(0, body.length / 2), () => outgoing.destroy())
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    requests,
    /** Calls back when a request came that is never answered. */
    onSilence: (listener: () => void) => {
      heardSilently = listener
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
