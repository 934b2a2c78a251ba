import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { runCommand } from '../../src/cli/command.ts'

const folder = mkdtempSync(join(tmpdir(), 'guard-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Writes a file for the command and gives its path. */
export function file(name: string, content: unknown): string {
  const path = join(folder, name)
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}

/** Runs the command in this process. */
export async function run(args: readonly string[], input = '') {
  let [stdout, stderr] = ['', '']
  const status = await runCommand(args, {
    readFile: (path) => readFile(path, 'utf8'),
    readInput: () => pieces(input),
    write: (text) => void (stdout += text),
    writeError: (text) => void (stderr += text),
  })
  return { status, stdout, stderr }
}

/** The input in pieces of a few characters, as a pipe may give it. */
async function* pieces(input: string): AsyncGenerator<string> {
  for (let at = 0; at < input.length; at += 5) yield input.slice(at, at + 5)
}
