import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

/** A frozen set of requirements of the specification. */
export type Version = '2025-11-25' | '2026-07-28'

/** What a scenario came to. */
export interface Result {
  readonly scenario: string
  readonly isPassed: boolean
  /** Whether it had failed before, when another one ran at the same time. */
  readonly isSecondTry?: boolean
}

/** The official suites: what is released, and what has the frozen sets of requirements. */
const suites = {
  released: suiteAt(import.meta.resolve('conformance-2025/package.json')),
  next: suiteAt(import.meta.resolve('conformance-2026/package.json')),
}

/** What the released suite calls the core of a client. */
const clientCore = ['initialize', 'tools_call', 'elicitation-sep1034-client-defaults', 'sse-retry']

const driver = `${process.execPath} --conditions=@t2t/source ${join(import.meta.dirname, 'driver.ts')}`

/** Scenarios of clients that run at the same time; each is a process that starts another one. */
const clientsAtOnce = 2

/** How long one run may take, in milliseconds: a busy machine takes long to start a process. */
const timeoutMs = 600_000

/** How long a client may take for one scenario, in milliseconds. */
const clientTimeoutMs = 120_000

function suiteAt(manifest: string): string {
  return join(dirname(fileURLToPath(manifest)), 'dist/index.js')
}

async function run(suite: string, args: readonly string[]): Promise<[code: number, out: string]> {
  const child = spawn(process.execPath, [suite, ...args], { timeout: timeoutMs })
  const output = text(child.stdout)
  child.stderr.resume()
  const [code] = await once(child, 'close')
  return [code === 0 ? 0 : 1, await output]
}

/** The scenarios of a frozen set of requirements that count, for servers or for clients. */
async function scoredFor(version: Version, side: 'Server' | 'Client'): Promise<readonly string[]> {
  const [, output] = await run(suites.next, ['list', '--requirements', version])
  const [, listed = ''] = output.split(new RegExp(`^${side} scenarios.*$`, 'm'))
  const [scored = ''] = listed.split(/^(?:Client scenarios|Run and reported)/m)
  return [...scored.matchAll(/^\s+- (\S+)/gm)].flatMap(([, name]) => name ?? [])
}

/** Tries a server, which has to run, against a frozen set; there is no list of expected failures. */
export async function tryServer(url: string, version: Version): Promise<readonly Result[]> {
  const scored = await scoredFor(version, 'Server')
  const [code, output] = await run(suites.next, ['server', '--url', url, '--requirements', version])
  return resultsOf(output, scored, code)
}

/** Tries a server against the active scenarios of the released suite. */
export async function tryServerAsReleased(url: string): Promise<readonly Result[]> {
  const [code, output] = await run(suites.released, ['server', '--url', url, '--suite', 'active'])
  const active = [...output.matchAll(/^[✓✗] (\S+):/gm)].flatMap(([, name]) => name ?? [])
  return resultsOf(output, active, code)
}

/** The suite's own judgement of its run has to agree with what it printed. */
function resultsOf(output: string, scored: readonly string[], code: number): readonly Result[] {
  const [, summary = ''] = output.split('=== SUMMARY ===')
  const results = scored.map((scenario) => ({
    scenario,
    isPassed: summary.includes(`✓ ${scenario}: `),
  }))
  const isClean = results.length > 0 && results.every(({ isPassed }) => isPassed)
  return isClean && code !== 0 ? [...results, { scenario: 'the run', isPassed: false }] : results
}

/** Tries the orchestrator's connections against the clients' scenarios of a frozen set. */
export async function tryClient(version: Version): Promise<readonly Result[]> {
  return tryClientWith(suites.next, await scoredFor(version, 'Client'), version)
}

/** Tries the orchestrator's connections against the core of the released suite. */
export function tryClientAsReleased(): Promise<readonly Result[]> {
  return tryClientWith(suites.released, clientCore, '2025-11-25')
}

async function tryClientWith(
  suite: string,
  scenarios: readonly string[],
  version: Version,
): Promise<readonly Result[]> {
  const passes = async (scenario: string): Promise<boolean> => {
    const where = ['--scenario', scenario, '--spec-version', version]
    const patience = ['--timeout', String(clientTimeoutMs)]
    const [code] = await run(suite, ['client', '--command', driver, ...where, ...patience])
    return code === 0
  }
  const results: Result[] = []
  const failed: string[] = []
  const queue = scenarios.values()
  const next = async (): Promise<void> => {
    for (const scenario of queue) {
      if (await passes(scenario)) results.push({ scenario, isPassed: true })
      else failed.push(scenario)
    }
  }
  await Promise.all(Array.from({ length: clientsAtOnce }, next))
  for (const scenario of failed) {
    results.push({ scenario, isPassed: await passes(scenario), isSecondTry: true })
  }
  return results
}
