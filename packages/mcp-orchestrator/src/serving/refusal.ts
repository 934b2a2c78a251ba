/** Answers a request that no server gets to see. */
export function refusal(
  status: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): Response {
  const code = status === 404 ? -32_001 : -32_000
  return Response.json({ jsonrpc: '2.0', error: { code, message }, id: null }, { status, headers })
}
