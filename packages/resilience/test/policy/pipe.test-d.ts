import { noop, pipe, retry, timeout, type Operation, type Policy } from '@t2t/resilience'
import { expectTypeOf } from 'vitest'

const policy: Policy = pipe(timeout({ afterMs: 1 }), retry(), noop())
declare const count: Operation<number>

expectTypeOf(policy(count)).toEqualTypeOf<Operation<number>>()
expectTypeOf(retry({ maxAttempts: undefined })).toEqualTypeOf<Policy>()

// @ts-expect-error A timeout needs a time.
timeout({})
