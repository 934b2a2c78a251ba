import { execFile } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { startChild, type Child } from './child.ts'

const version = '1.15.2'
const folder = join(homedir(), '.cache', 't2t-bench', `portkey-${version}`)
const script = join(folder, 'node_modules', '@portkey-ai', 'gateway', 'build', 'start-server.js')

/** Starts the Portkey gateway, a proxy in front of model servers; installs it the first time. */
export async function startPortkey(): Promise<Child & { readonly url: string }> {
  if (!existsSync(script)) {
    mkdirSync(folder, { recursive: true })
    const args = ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund']
    await promisify(execFile)('npm', [
      ...args,
      '--prefix',
      folder,
      `@portkey-ai/gateway@${version}`,
    ])
  }
  const port = await freePort()
  const child = await startChild(
    [script, `--port=${port}`, '--headless'],
    /running|ready|:\d{4,5}/i,
  )
  return { ...child, url: `http://127.0.0.1:${port}` }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', () => resolve()))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => void server.close(resolve))
  return port
}
