import { existsSync } from 'node:fs'
import { connect } from 'node:net'
import type { TestProject } from 'vitest/node'
import { chdbFolder, chdbPackage } from '../clickhouse.ts'

/** The servers that the `engines` project talks to, at their standard ports on loopback. */
const servers = { postgres: 5432, mariadb: 3306, redis: 6379 } as const

export type EngineName = keyof typeof servers

declare module 'vitest' {
  export interface ProvidedContext {
    /** Which servers answered before the run; a suite skips itself when its server is missing. */
    reachable: Record<EngineName, boolean>
    /** The folder of the embedded ClickHouse; empty where it is not installed. */
    chdb: string
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, timeout: 1_000 })
    const settle = (isReachable: boolean): void => {
      socket.destroy()
      resolve(isReachable)
    }
    socket.once('connect', () => settle(true))
    socket.once('error', () => settle(false))
    socket.once('timeout', () => settle(false))
  })
}

/** Says which servers are missing; with `T2T_REQUIRE_ENGINES=1` a missing one is a failure. */
export default async function setup(project: TestProject): Promise<void> {
  const found = await Promise.all(
    Object.entries(servers).map(async ([name, port]) => [name, await answers(port)] as const),
  )
  const missing = found
    .filter(([, isReachable]) => !isReachable)
    .map(([name]) => name as EngineName)
  if (missing.length > 0) {
    const list = missing.map((name) => `${name} (127.0.0.1:${servers[name]})`).join(', ')
    if (process.env['T2T_REQUIRE_ENGINES'] === '1') throw new Error(`Not reachable: ${list}.`)
    process.stderr.write(`\nengines: not reachable, their tests are skipped: ${list}\n\n`)
  }
  project.provide('reachable', Object.fromEntries(found) as Record<EngineName, boolean>)

  const chdb = existsSync(chdbPackage()) ? chdbFolder() : ''
  if (chdb === '') {
    const hint = 'ClickHouse is not installed; run: node scripts/clickhouse.ts'
    if (process.env['T2T_REQUIRE_ENGINES'] === '1') throw new Error(`${hint}.`)
    process.stderr.write(`\nengines: ${hint}\n\n`)
  }
  project.provide('chdb', chdb)
}
