/**
 * Holds texts for a while, each in a place of one owner: rows of answers, and answers that may be
 * asked for again. What one process puts there, all processes find that share the shelf.
 */
export interface Shelf {
  /** Puts pieces in a place, over what is there; `false` when there is no room for that much. */
  put(place: Place, pieces: Pieces, keepMs: number): Promise<boolean>
  /** Puts pieces in a place where nothing is; `false` when something is. */
  claim(place: Place, pieces: Pieces, keepMs: number): Promise<boolean>
  /** Gives pieces by their names; `undefined` for each one that is not there any more. */
  get(place: Place, names: readonly string[]): Promise<readonly (string | undefined)[]>
  clear(place: Place): Promise<void>
  /** Clears every place of an owner; gives their number. */
  clearAll(owner: string): Promise<number>
}

export interface Place {
  readonly owner: string
  /** Known to whoever may read the place; hard to guess where it protects something. */
  readonly name: string
}

export type Pieces = Readonly<Record<string, string>>

/** Sizes of a shelf. */
export interface ShelfRoom {
  /** Bytes of all pieces. The places that end first make room for others. */
  readonly maxBytes: number
  /**
   * The most that one owner takes of it, above 0 to 1.
   * @defaultValue 0.5
   */
  readonly ownerShare?: number | undefined
}

export const defaultOwnerShare = 0.5
