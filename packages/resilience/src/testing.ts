export { createFakeClock, type FakeClock, type FakeClockOptions } from './testing/fake-clock.ts'
