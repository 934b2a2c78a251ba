export { kysely, type KyselyInstance, type KyselyOptions } from './engine/kysely/kysely.ts'
