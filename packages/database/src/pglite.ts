export type { PgliteClient, PgliteTransaction } from './engine/pglite/client.ts'
export { pglite, type PgliteOptions } from './engine/pglite/pglite.ts'
