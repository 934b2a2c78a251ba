export type { Database, QueryOptions, QueryOutcome } from './databases/database.ts'
export type { Engine } from './engine/engine.ts'
export type { Cell, ReadCaps, ReadResult, ResultColumn, Truncation } from './read/read.ts'
