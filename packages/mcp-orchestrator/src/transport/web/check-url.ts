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

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d+){3}$/.test(hostname)
}
