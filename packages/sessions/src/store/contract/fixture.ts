import assert from 'node:assert/strict'
import type { FakeClock } from '../../clock/fake-clock.ts'
import type { NewToolExecution } from '../../tool-execution/tool-execution.ts'
import type { SessionStore } from '../store.ts'

/** What a promise is checked with: an empty store and the clock that it uses. */
export interface StoreFixture {
  readonly store: SessionStore
  readonly clock: FakeClock
}

/** One thing that every store must do. */
export interface FixturePromise {
  readonly promise: string
  readonly check: (fixture: StoreFixture) => Promise<void>
}

/** Asserts that a call rejects with an error of one code. */
export async function rejects(call: Promise<unknown>, code: string, field?: string): Promise<void> {
  await assert.rejects(call, field === undefined ? { code } : { code, field })
}

/** Makes a tool execution that differs from others where it says so. */
export function toolUse(change: Partial<NewToolExecution> = {}): NewToolExecution {
  return {
    tool: 'query',
    arguments: { sql: 'SELECT 1' },
    result: '1 row',
    succeeded: true,
    durationMs: 12.5,
    ...change,
  }
}
