/** Bytes of one request, unless an option says otherwise. */
export const defaultMessageBytes = 1_048_576
