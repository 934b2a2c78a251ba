export { toyCatalog, toySchema } from './catalog/toy-catalog.ts'
export { dialectContract, type DialectPromise } from './dialect/dialect.contract.ts'
