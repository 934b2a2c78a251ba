import { dim, green } from './style.ts'

/** Says what is being done, and how long each step took. */
export interface Progress {
  step<Value>(
    title: string,
    work: () => Value | Promise<Value>,
    detail: (value: Value) => string,
  ): Promise<Value>
}

export function createProgress(total: number, write: (text: string) => void): Progress {
  let number = 0
  return {
    async step(title, work, detail) {
      number += 1
      const label = `${dim(`${number}/${total}`)} ${title.padEnd(15)}`
      const start = performance.now()
      const value = await work()
      const seconds = ((performance.now() - start) / 1_000).toFixed(1)
      write(`${label} ${green('ok')} ${dim(`${seconds} s`)}  ${detail(value)}\n`)
      return value
    },
  }
}
