import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** A process of the benchmark, with what it said when it was ready. */
export interface Child extends AsyncDisposable {
  readonly pid: number
  readonly said: RegExpExecArray
  /** Processor time that it used so far, in milliseconds. */
  cpuMs(): number
  /** Memory that it holds, in MiB. */
  memoryMib(): number
}

/** Starts Node with arguments, and waits until its output matches. */
export async function startChild(
  args: readonly string[],
  isReady: RegExp,
  options: SpawnOptions = {},
): Promise<Child> {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options })
  const said = await output(child, isReady)
  const pid = child.pid ?? 0
  const end = new Promise<void>((resolve) => void child.once('close', () => resolve()))
  return {
    pid,
    said,
    cpuMs() {
      // Fields 14 and 15 of proc(5) stat, in ticks of 10 ms; the name before them may hold blanks.
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ')
      return (Number(fields[11]) + Number(fields[12])) * 10
    },
    memoryMib: () =>
      Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1_024,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await end
    },
  }
}

function output(child: ChildProcess, isReady: RegExp): Promise<RegExpExecArray> {
  return new Promise((resolve, reject) => {
    let text = ''
    const add = (chunk: Buffer): void => {
      text += chunk.toString()
      const found = isReady.exec(text)
      if (found !== null) resolve(found)
    }
    child.stdout?.on('data', add)
    child.stderr?.on('data', add)
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`The process ended with ${code}: ${text}`)))
  })
}
