// What the policies of @t2t/resilience cost and keep, beside the libraries that teams use today.
import type { Bench } from './report/bench.ts'
import { overhead } from './resilience/overhead.ts'

const bench: Bench = async ({ progress }) => [...(await overhead(progress))]

export default bench
