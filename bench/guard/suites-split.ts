/** Where a script of an engine may hold a semicolon that ends no statement. */
interface Lexis {
  readonly skips: RegExp
}

const postgres: Lexis = {
  skips:
    /--[^\n]*|\/\*[\s\S]*?\*\/|\$(\w*)\$[\s\S]*?\$\1\$|[eE]'(?:[^'\\]|''|\\[\s\S])*'|'(?:[^']|'')*'|"(?:[^"]|"")*"/y,
}
const sqlite: Lexis = {
  skips: /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]\n]*\]/y,
}
const mariadb: Lexis = {
  skips:
    /#[^\n]*|--\s[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^'\\]|''|\\[\s\S])*'|"(?:[^"\\]|""|\\[\s\S])*"|`(?:[^`]|``)*`/y,
}

/** Statements of a script for psql, without its own commands, its variables and rows to copy. */
export function postgresStatements(script: string): readonly string[] {
  const text = script.replace(/^(COPY|copy)\b[^;]*\bfrom\s+stdin\b[^;]*;\n[\s\S]*?^\\\.$/gim, '')
  const plain = text
    .replace(/^\\.*$/gm, '')
    .replace(/\\(gset|gexec|gdesc|gx|g|crosstabview|watch|bind)\b.*$/gm, ';')
  return split(plain, postgres, ';').filter((sql) => !/(^|[^:]):['"]?[a-z_]\w*|\\/i.test(sql))
}

/** Statements in the braces of a Tcl script that hands them to the database. */
export function sqliteStatements(script: string): readonly string[] {
  const blocks: string[] = []
  const starts =
    /(?:\bexecsql2?|\bcatchsql|\bdo_(?:execsql|catchsql|eqp)_test\s+(?:-db\s+\S+\s+)?\S+|\bdb\d?\s+(?:eval|one|exists))\s*\{/g
  for (let match = starts.exec(script); match !== null; match = starts.exec(script)) {
    const end = closing(script, starts.lastIndex)
    if (end !== undefined) blocks.push(script.slice(starts.lastIndex, end))
  }
  return blocks.flatMap((block) => split(block, sqlite, ';'))
}

function closing(script: string, from: number): number | undefined {
  let depth = 1
  for (let at = from; at < script.length; at++) {
    if (script[at] === '\\') at++
    else if (script[at] === '{') depth++
    else if (script[at] === '}' && --depth === 0) return at
  }
  return undefined
}

/** Statements of a script for mysqltest, without its own commands. */
export function mariadbStatements(script: string): readonly string[] {
  const statements: string[] = []
  let [delimiter, chunk] = [';', '']
  const flush = () => {
    statements.push(...split(chunk, mariadb, delimiter))
    chunk = ''
  }
  for (const line of script.split('\n')) {
    const changed = /^\s*(?:--\s*)?delimiter\s+(\S+?);?\s*$/i.exec(line)?.[1]
    if (changed !== undefined) {
      flush()
      delimiter = changed.replace(/(?<=.);$/, '') || ';'
    } else if (!/^\s*(--|#)/.test(line)) chunk += `${line}\n`
  }
  flush()
  return statements
    .map((sql) =>
      sql.replace(/^(?:\s*[{}]|\s*(?:send|query_vertical|query_horizontal|query)\s)+/i, '').trim(),
    )
    .filter(
      (sql) =>
        !/\$\w|^(eval|let|if|while|echo|connect|connection|source|disconnect|reap)\b/i.test(sql),
    )
}

function split(script: string, { skips }: Lexis, delimiter: string): readonly string[] {
  const statements: string[] = []
  let from = 0
  for (let at = 0; at < script.length; at++) {
    skips.lastIndex = at
    const skipped = /[-#/'"`$[eE]/.test(script[at] ?? '') && skips.exec(script)
    if (skipped) at += skipped[0].length - 1
    else if (script.startsWith(delimiter, at)) {
      statements.push(script.slice(from, at))
      at += delimiter.length - 1
      from = at + 1
    }
  }
  statements.push(script.slice(from))
  return statements.map((sql) => withoutComments(sql, skips)).filter((sql) => sql !== '')
}

/** Comments before a statement are not a part of it. */
function withoutComments(sql: string, skips: RegExp): string {
  let text = sql.trim()
  for (;;) {
    skips.lastIndex = 0
    const isComment = /^(--|#|\/\*(?![!M+]))/.test(text)
    const found = isComment ? skips.exec(text) : null
    if (found === null) return text
    text = text.slice(found[0].length).trim()
  }
}
