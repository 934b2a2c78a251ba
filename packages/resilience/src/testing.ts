export { createFakeClock, type FakeClock, type FakeClockOptions } from './testing/fake-clock.ts'
export { createSeededRandom } from './testing/random.ts'
export {
  scriptedOperation,
  type ScriptedOperation,
  type ScriptStep,
} from './testing/scripted-operation.ts'
export {
  policyContract,
  type PolicyContractOptions,
  type PolicyContractSubject,
  type PolicyPromise,
} from './policy/policy.contract.ts'
export {
  rateLimitStoreContract,
  type RateLimitStorePromise,
  type RateLimitStoreSubject,
} from './rate-limit/rate-limit-store.contract.ts'
