export {
  fromOpossum,
  runOperation,
  type OpossumAdapterOptions,
  type OpossumBreaker,
} from './adapters/opossum.ts'
