/** Gives the name of a variable that cannot be set, or not to that value. */
export function badVariable(env: Readonly<Record<string, string>>): string | undefined {
  const [bad] = Object.entries(env).filter(
    ([name, value]) => !/^[^=\0]+$/.test(name) || value.includes('\0'),
  )
  return bad?.[0]
}
