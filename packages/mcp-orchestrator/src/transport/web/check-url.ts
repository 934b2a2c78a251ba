import { OptionInvalidError } from '../../errors/errors.ts'

/** @throws {@link OptionInvalidError} unless secrets can be sent to the address. */
export function checkUrl(given: string | URL, allowPlainHttp: boolean): URL {
  const url = URL.parse(String(given))
  if (url === null) throw new OptionInvalidError('url must be an absolute address.')
  if (url.username !== '' || url.password !== '') {
    throw new OptionInvalidError('url must not hold a user or a password; use headers.')
  }
  if (url.protocol === 'https:') return url
  if (url.protocol !== 'http:') {
    throw new OptionInvalidError(`url must begin with https: or http:, got "${url.protocol}".`)
  }
  if (!allowPlainHttp && !isLoopback(url.hostname)) {
    throw new OptionInvalidError(
      `url must begin with https: unless it is of this machine, got "${url.origin}".`,
    )
  }
  return url
}

/** What HTTP allows as the name of a header. */
const headerName = /^[\w!#$%&'*+.^`|~-]+$/

/** What HTTP allows in a header: no line end, and nothing that one byte cannot hold. */
const headerValue = /^[\t\x20-\x7e\x80-\xff]*$/

/** Gives the name of a header that cannot be sent. A blank around a value is no fault. */
export function badHeader(headers: Readonly<Record<string, string>>): string | undefined {
  const [bad] = Object.entries(headers).filter(
    ([name, value]) => !headerName.test(name) || !headerValue.test(value.trim()),
  )
  return bad?.[0]
}

/** @throws {@link OptionInvalidError} when a header cannot be sent. The value is not repeated. */
export function checkHeaders(headers: Readonly<Record<string, string>>): void {
  const bad = badHeader(headers)
  if (bad === undefined) return
  throw new OptionInvalidError(
    `headers must be such that HTTP can send them; ${JSON.stringify(bad)} is not.`,
  )
}

/** Whether the host of an address is this machine. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d+){3}$/.test(hostname)
}
