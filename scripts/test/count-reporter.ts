import type { Reporter, TestModule } from 'vitest/node'

/**
 * Ends a run with one plain line that counts the tests, for people and machines. Tests that passed
 * only when they were tried again are named before it: each is a fault to find.
 */
export default class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const count = { passed: 0, failed: unhandledErrors.length, skipped: 0, pending: 0 }
    const unsteady: string[] = []
    for (const module of modules) {
      if (module.errors().length > 0) count.failed += 1
      for (const test of module.children.allTests()) {
        count[test.result().state] += 1
        if (test.diagnostic()?.flaky) unsteady.push(`${module.relativeModuleId}: ${test.fullName}`)
      }
    }
    const skipped = count.skipped + count.pending
    const lines = [
      ...unsteady.map((name) => `passed at the second try: ${name}`),
      `${count.passed} passed, ${count.failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`,
    ]
    process.once('exit', () => process.stdout.write(`${lines.join('\n')}\n`))
  }
}
