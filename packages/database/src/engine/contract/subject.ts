import assert from 'node:assert/strict'
import { isDatabaseError } from '../../errors/errors.ts'
import type { Now } from '../../read/deadline.ts'
import type { ReadCaps, ReadResult } from '../../read/read.ts'
import type { Engine } from '../engine.ts'

/** What {@link engineContract} needs of the engine that it examines. */
export interface EngineSubject {
  /** Opens an engine over a fresh database in which {@link engineContractData} was run. */
  open(options?: { readonly now?: Now | undefined }): Promise<OpenedEngine>
  /** An expression of the dialect whose value are the two bytes 00 and FF. */
  readonly binaryExpression: string
  /**
   * What a value is cast to for a 64-bit integer.
   * @defaultValue `'BIGINT'`
   */
  readonly integerType?: string | undefined
  /**
   * How the engine spells the type of a key that is created as `BIGINT`.
   * @defaultValue `bigint`, in any case, with whatever follows
   */
  readonly keyType?: RegExp | undefined
  /**
   * Whether the engine knows foreign keys.
   * @defaultValue true
   */
  readonly hasForeignKeys?: boolean | undefined
  /**
   * A statement that gives 1 and 2 in columns of one name.
   * @defaultValue `'SELECT 1 AS a, 2 AS a'`
   */
  readonly sameNames?: string | undefined
  /**
   * A statement that gives the integers from 1 to `rows`, one row after the other.
   * @defaultValue a recursive common table expression
   */
  readonly counting?: ((rows: number) => string) | undefined
}

/** An engine under examination. */
export interface OpenedEngine {
  readonly engine: Engine
  /**
   * Describes everything that a statement could change, past the engine: tables, rows, settings of
   * the session, locks, prepared statements, files.
   */
  fingerprint(): Promise<string>
}

/** One promise of the contract and the check that tries to break it. */
export interface EngineContractCase {
  readonly promise: string
  readonly check: (subject: EngineSubject) => Promise<void>
}

/** Statements that every examined database has run: portable between the dialects. */
export const engineContractData: readonly string[] = [
  'CREATE TABLE planets (id BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL, note TEXT)',
  'CREATE TABLE moons (id BIGINT NOT NULL PRIMARY KEY, planet_id BIGINT NOT NULL REFERENCES planets (id), name TEXT)',
  'CREATE VIEW moon_names AS SELECT planets.name AS planet, moons.name AS moon FROM moons JOIN planets ON planets.id = moons.planet_id',
  "INSERT INTO planets VALUES (1, 'Earth', 'home'), (2, 'Mars', NULL)",
  "INSERT INTO moons VALUES (1, 1, 'Moon'), (2, 2, 'Phobos'), (3, 2, 'Deimos')",
]

export const calm: AbortSignal = new AbortController().signal
export const generous: ReadCaps = { maxRows: 1_000, maxBytes: 1_000_000, timeoutMs: 60_000 }
export const boundless: ReadCaps = { ...generous, maxRows: 1e9, maxBytes: 1e9 }

const recursion = (rows: number): string =>
  `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${rows}) SELECT i FROM n`

/** The rows of a statement, within generous caps. */
export async function rowsOf(engine: Engine, sql: string): Promise<ReadResult['rows']> {
  return (await engine.read(sql, generous, calm)).rows
}

/** What a reading rejects with; it is an error of its own when it gives rows. */
export async function errorOf(reading: Promise<unknown>): Promise<unknown> {
  return reading.then(
    () => assert.fail('The reading gave rows.'),
    (error: unknown) => error,
  )
}

/** The code of an error of this package, or what it is instead. */
export function codeOf(error: unknown): string {
  return isDatabaseError(error) ? error.code : `no error of this package: ${String(error)}`
}

async function withEngine(
  subject: EngineSubject,
  body: (opened: OpenedEngine) => Promise<void>,
  now?: Now,
): Promise<void> {
  const opened = await subject.open({ now })
  try {
    await body(opened)
  } finally {
    await opened.engine.close()
  }
}

/** The statement that counts, in the words of the subject. */
export const countingOf = ({ counting = recursion }: EngineSubject): ((rows: number) => string) =>
  counting

/** A case of the contract: opens the subject, and closes it whatever happens. */
export const promise = (
  text: string,
  body: (opened: OpenedEngine, subject: EngineSubject) => Promise<void>,
  now?: () => Now,
): EngineContractCase => ({
  promise: text,
  check: (subject) => withEngine(subject, (opened) => body(opened, subject), now?.()),
})

/** A clock that moves by a second whenever it is read. */
export const hurriedClock = (): Now => {
  let time = 0
  return () => (time += 1_000)
}
