import { type Attack, distinct } from '../attack.ts'
import { actingAttacks } from './acting.ts'
import { readingAttacks } from './reading.ts'

/** Texts that must not get through to SQLite. */
export const sqliteAttacks: readonly Attack[] = distinct([...actingAttacks, ...readingAttacks])
