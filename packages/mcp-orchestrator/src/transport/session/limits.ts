/** Bytes of one message that a server may send; a longer one is not read to its end. */
export const maxMessageBytes = 4 * 1024 * 1024

/** Pages of one list. */
export const maxPages = 64

/** Items of one list. */
export const maxItems = 1_000

/** Resources of one connection whose changes are asked for. */
export const maxSubscriptions = 256
