// Measures the heap in a process of its own, and prints it: nothing that ran before is in it.
import { heapPerServer } from './heap.ts'

process.stdout.write(`${JSON.stringify(await heapPerServer())}\n`)
process.exit(0)
