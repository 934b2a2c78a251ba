import { randomUUID } from 'node:crypto'
import type { AnsweredAnswer } from '@t2t/llm-sql'
import { z } from 'zod'
import type { Caller } from '../access/caller.ts'
import type { Place, Shelf } from '../shelf/shelf.ts'

/** The columns and rows of an answer. */
export type Result = Pick<AnsweredAnswer, 'columns' | 'rows' | 'isTruncated'>

/** Keeps the rows of answers for ten minutes, so that they can be read page by page and downloaded. */
export interface ResultShelf {
  /** Keeps a result for its caller, and gives its id; `undefined` when there is no room for it. */
  put(caller: Caller, result: Result): Promise<string | undefined>
  /**
   * `undefined` when it is not there any more, is not theirs, or was read with rights that they do
   * not have now.
   */
  find(caller: Caller, id: string): Promise<KeptResult | undefined>
}

/** A result as it was read: what changes in the database later changes no page. */
export interface KeptResult extends Pick<Result, 'columns' | 'isTruncated'> {
  /** Rows of all pages. */
  readonly count: number
  /** The rows from one on; `undefined` when they are not there any more. */
  rows(start: number, limit: number): Promise<Result['rows'] | undefined>
}

export interface ResultShelfOptions {
  readonly shelf: Shelf
  /** Names what a caller may see; another name when that changes. */
  readonly rightsOf: (caller: Caller) => string
}

const keepMs = 600_000
/** Rows that are read and written together. */
const pieceRows = 500
const about = z.object({
  columns: z.array(z.string()),
  isTruncated: z.boolean(),
  count: z.int().min(0),
})
const rowsOf = z.array(z.array(z.union([z.string(), z.number(), z.boolean(), z.null()])))

export function createResultShelf({ shelf, rightsOf }: ResultShelfOptions): ResultShelf {
  const placeOf = (caller: Caller, id: string): Place => ({
    owner: caller.id,
    name: `result ${id} ${rightsOf(caller)}`,
  })
  return {
    async put(caller, { columns, rows, isTruncated }) {
      const id = `res_${randomUUID()}`
      const pieces: Record<string, string> = {
        about: JSON.stringify({ columns, isTruncated, count: rows.length }),
      }
      for (let start = 0; start < rows.length; start += pieceRows)
        pieces[start / pieceRows] = JSON.stringify(rows.slice(start, start + pieceRows))
      return (await shelf.put(placeOf(caller, id), pieces, keepMs)) ? id : undefined
    },
    async find(caller, id) {
      const place = placeOf(caller, id)
      const [text] = await shelf.get(place, ['about'])
      if (text === undefined) return undefined
      const found = about.parse(JSON.parse(text))
      return {
        ...found,
        async rows(start, limit) {
          const end = Math.min(start + limit, found.count)
          const first = Math.floor(start / pieceRows)
          const names = []
          for (let at = first; at * pieceRows < end; at++) names.push(String(at))
          if (names.length === 0) return []
          const pieces = await shelf.get(place, names)
          const rows = []
          for (const piece of pieces) {
            if (piece === undefined) return undefined
            for (const row of rowsOf.parse(JSON.parse(piece))) rows.push(row)
          }
          return rows.slice(start - first * pieceRows, end - first * pieceRows)
        },
      }
    },
  }
}
