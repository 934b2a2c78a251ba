import { stringify } from 'yaml'
import type { Catalog } from '../catalog/catalog.ts'
import { createSqlGuard } from '../guard/create-guard.ts'
import { definePolicy } from '../policy/define-policy.ts'
import { type ProposedRule, proposePolicy } from '../traffic/propose-policy.ts'
import { type CommandIo, type ExitCode, oneLine } from './io.ts'
import type { Options } from './options.ts'
import { needCatalog, readCatalog, readDialect, readText } from './read.ts'
import { splitStatements } from './statements.ts'

/** Writes a policy to start from, or the smallest one that statements of the past need. */
export async function initPolicy(
  options: Options,
  _file: string,
  io: CommandIo,
): Promise<ExitCode> {
  const catalog = await readCatalog(options.catalog, io)
  if (options.from === undefined) {
    io.write(starter(catalog))
    return 0
  }
  const known = needCatalog(catalog)
  const dialect = await readDialect(options.dialect, known)
  const script = await readText(options.from, io)
  const statements = splitStatements(script, dialect.traits.lexis)
  const guard = await createSqlGuard({ dialect, catalog: known, policy: definePolicy() })
  const observed = statements.map((sql, index) => ({
    label: String(index + 1),
    verdict: guard.check(sql),
  }))
  const { minUses } = options
  const proposal = await proposePolicy(observed, { catalog: known, dialect, minUses })
  const leftOut = proposal.rules.filter(({ refuses }) => refuses.length > 0)
  io.write(
    `# Made from ${statements.length} statements of ${options.from}; read it before you use it.\n`,
  )
  for (const rule of leftOut) io.write(`# ${oneLine(described(rule))}\n`)
  for (const { label, verdict } of observed) {
    const [finding] = verdict.kind === 'refused' ? verdict.findings : []
    if (finding === undefined) continue
    io.write(`# Refused already: statement ${label}. ${oneLine(finding.message)}\n`)
  }
  io.write(stringify(proposal.policy))
  return 0
}

function described({ part, subject, refuses }: ProposedRule): string {
  return `Left out of ${part}: ${subject}; refuses ${listed(refuses)}.`
}

function listed(labels: readonly string[]): string {
  const shown = labels.slice(0, 20).join(', ')
  const rest = labels.length - 20
  return `statement ${shown}${rest > 0 ? ` and ${rest} more` : ''}`
}

function starter(catalog: Catalog | undefined): string {
  const tables = (catalog?.tables ?? []).map(({ schema, name }) =>
    catalog?.searchPath.includes(schema) === true ? name : `${schema}.${name}`,
  )
  const list =
    tables.length === 0
      ? '  allow: all\n'
      : `  allow:\n${tables.map((name) => `    - ${quoted(name)}\n`).join('')}`
  return `# What may be read. Whatever is left out has the value that stands behind it here.
name: default
tables:
${list}  block: [] # wins over allow, also behind a view
columns:
  block: [] # customers.email: used nowhere in a query
  mask: {} # customers.phone: last-4, redacted or null
  minGroupSize: {} # staff.salary: 5, or { size: 5, of: person_id }: counted, summed and averaged only
rows:
  filter: {} # orders: "tenant_id = :tenant", with attributes of the caller
functions:
  allow: [] # in addition to the safe ones: name, schema.name or name/2
  block: []
statements:
  explain: never # or plan
limits:
  maxRows: 1000
`
}

function quoted(name: string): string {
  return stringify(name).trimEnd()
}
