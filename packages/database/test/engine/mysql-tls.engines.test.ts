import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { mysql } from '@t2t/database/mysql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { canOwnMariadb, startOwnMariadb } from '../server-faults/own-mariadb.ts'
import type { OwnServer } from '../server-faults/own-process.ts'

const calm = new AbortController().signal

/** Makes a certificate that signs itself, for a host; `false` where there is no openssl. */
function certify(folder: string, host: string): boolean {
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')]
  const subject = ['-subj', `/CN=${host}`, '-addext', `subjectAltName=DNS:${host}`]
  const kind = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2']
  try {
    execFileSync('openssl', [...kind, ...subject, '-keyout', key, '-out', certificate], {
      stdio: 'ignore',
    })
  } catch {
    return false
  }
  for (const file of [key, certificate]) chmodSync(file, 0o644)
  chmodSync(folder, 0o755)
  return true
}

const folder = mkdtempSync(join(tmpdir(), 'certified-'))
const isThere = canOwnMariadb() && certify(folder, 'elsewhere.example')

describe.skipIf(!isThere)('mysql with encryption', () => {
  let server: OwnServer
  let url: string
  const ca = isThere ? readFileSync(join(folder, 'certificate.pem')) : Buffer.of()

  beforeAll(async () => {
    const files = [`--ssl-cert=${folder}/certificate.pem`, `--ssl-key=${folder}/key.pem`]
    server = await startOwnMariadb(20, files)
    url = server.url.replace('127.0.0.1', 'localhost')
  }, 240_000)

  afterAll(async () => {
    await server.stop()
    rmSync(folder, { recursive: true })
  })

  it.for([true, { ca }])('does not talk to a server that it cannot trust', async (tls) => {
    const engine = mysql({ url, tls })

    const failure = await engine.ping(calm).catch((error: unknown) => error)

    await engine.close()
    expect(failure).toMatchObject({ code: 'DATABASE_UNAVAILABLE', retryable: false })
  })

  it('talks to it where somebody says that the name does not matter', async () => {
    const engine = mysql({ url, tls: { ca, verifyIdentity: false } })

    const { rows } = await engine.read(
      "SELECT variable_value <> '' FROM information_schema.session_status WHERE variable_name = 'ssl_cipher'",
      { maxRows: 1, maxBytes: 1_000, timeoutMs: 60_000 },
      calm,
    )

    await engine.close()
    expect(rows).toEqual([[1]])
  })
})
