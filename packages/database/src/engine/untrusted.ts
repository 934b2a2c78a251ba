/** Tells codes of Node and of drivers for a certificate that is not accepted. */
export function saysUntrusted(code: string): boolean {
  return /^(?:ERR_TLS_|HANDSHAKE_SSL|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_(?:GET|VERIFY)_)/.test(
    code,
  )
}
