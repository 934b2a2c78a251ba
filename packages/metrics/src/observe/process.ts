import { cpus, freemem, totalmem } from 'node:os'
import {
  processCpuTime,
  processMemory,
  processUptime,
  systemCpuUtilization,
  systemMemoryUtilization,
} from '../catalogue/area/process.ts'
import type { Meter } from '../meter/meter.ts'

/**
 * Keeps uptime, memory and processor time of the process and of its machine up to date.
 *
 * They are read each time the metrics are read, and at no other moment.
 *
 * @returns a function that ends it.
 * @throws `DefinitionConflictError` when the meter has other metrics under these names.
 */
export function observeProcess(meter: Meter): () => void {
  const uptime = meter.gauge(processUptime)
  const memory = meter.gauge(processMemory)
  const cpuTime = meter.counter(processCpuTime)
  const systemCpu = meter.gauge(systemCpuUtilization)
  const systemMemory = meter.gauge(systemMemoryUtilization)
  let used = { user: 0, system: 0 }
  let before = cpuTimes()

  return meter.beforeRead(() => {
    uptime.set(process.uptime())
    memory.set(process.memoryUsage.rss())
    systemMemory.set(1 - freemem() / totalmem())

    const now = process.cpuUsage()
    cpuTime.add((now.user - used.user) / 1e6, { 'cpu.mode': 'user' })
    cpuTime.add((now.system - used.system) / 1e6, { 'cpu.mode': 'system' })
    used = now

    const after = cpuTimes()
    const passed = after.total - before.total
    if (passed > 0) systemCpu.set((after.busy - before.busy) / passed)
    before = after
  })
}

function cpuTimes(): { readonly busy: number; readonly total: number } {
  let busy = 0
  let idle = 0
  for (const { times } of cpus()) {
    busy += times.user + times.nice + times.sys + times.irq
    idle += times.idle
  }
  return { busy, total: busy + idle }
}
