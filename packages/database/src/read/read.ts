/**
 * A value of a result, in its documented JSON form: integers beyond 2^53 and decimals are strings,
 * binary is base64 text, dates and times are ISO 8601 text, JSON is its text.
 *
 * A text that is longer than `maxCellBytes` is given as the longest beginning of whole characters
 * that fits together with the `…` that follows it, so that nobody takes a beginning for the whole.
 */
export type Cell = string | number | boolean | null

/** A column of a result. */
export interface ResultColumn {
  readonly name: string
  /** The type as the engine spells it; absent where the engine does not say. */
  readonly type?: string | undefined
}

/** Rows that were read, and whether there were more. */
export interface ReadResult {
  readonly columns: readonly ResultColumn[]
  /** One array a row, as long as `columns`. */
  readonly rows: readonly (readonly Cell[])[]
  /** Present when a cap ended the reading; then `rows` are not all rows. */
  readonly truncated?: Truncation | undefined
  /** Present when values were longer than `maxCellBytes`; then they end in `…`. */
  readonly cutCells?: CutCells | undefined
  /** Time from sending the query to the last row, in milliseconds. */
  readonly durationMs: number
}

/** Which cap ended a reading. */
export interface Truncation {
  readonly cap: 'rows' | 'bytes'
  /** The value of the cap. */
  readonly limit: number
  /** Rows that came from the database, the one that did not fit any more included. */
  readonly rowsSeen: number
}

/** Values of a result that the cap on one value has shortened. */
export interface CutCells {
  /** How many. */
  readonly count: number
  /** The value of the cap, in bytes. */
  readonly limit: number
  /** Places in `columns` of the columns that they are in, in ascending order. */
  readonly columns: readonly number[]
}

/** Caps that act while rows are fetched; never by editing the text. */
export interface ReadCaps {
  /** An integer from 1 up. */
  readonly maxRows: number
  /** Bytes of the JSON form of the rows, from 1 up. */
  readonly maxBytes: number
  /** Time for the whole reading, in milliseconds. */
  readonly timeoutMs: number
  /**
   * Bytes of one text, from 4 up; a longer one is shortened, and the result says so. Binary counts
   * as the base64 that it is given as.
   * @defaultValue `maxBytes` alone
   */
  readonly maxCellBytes?: number | undefined
}
