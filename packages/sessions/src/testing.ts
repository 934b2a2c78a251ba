export { createFakeClock, type FakeClock } from './clock/fake-clock.ts'
export {
  type CreateStore,
  sessionStoreContract,
  type SessionStorePromise,
} from './store/store.contract.ts'
