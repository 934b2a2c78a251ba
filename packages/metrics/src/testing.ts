export { createFakeClock, type FakeClock } from './clock/fake-clock.ts'
export { meterContract, type MeterFixture, type MeterPromise } from './meter/meter.contract.ts'
export {
  createRecordingMeter,
  type Observation,
  type RecordingMeter,
} from './meter/recording-meter.ts'
