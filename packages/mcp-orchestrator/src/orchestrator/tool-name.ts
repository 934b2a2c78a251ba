/** Joins the names of a server and of its tool to the name that `listTools` gives. */
export function joinToolName(server: string, tool: string): string {
  return `${server}__${tool}`
}

/**
 * Splits a name such as `sales__run_query` into its server and its tool.
 *
 * @returns `undefined` when the name has no such form. It does not say whether the tool exists.
 */
export function splitToolName(
  name: string,
): { readonly server: string; readonly tool: string } | undefined {
  const at = name.indexOf('__')
  if (at < 1 || at + 2 === name.length) return undefined
  return { server: name.slice(0, at), tool: name.slice(at + 2) }
}
