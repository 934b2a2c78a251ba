import { type Attack, distinct } from '../attack.ts'
import { actingAttacks } from './acting.ts'
import { readingAttacks } from './reading.ts'

/** Texts that must not get through to ClickHouse. */
export const clickhouseAttacks: readonly Attack[] = distinct([...readingAttacks, ...actingAttacks])
