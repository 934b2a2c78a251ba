/**
 * Which eras of the protocol are spoken.
 *
 * - `legacy`: the versions up to 2025-11-25, which begin with a handshake;
 * - `modern`: 2026-07-28, and nothing else;
 * - `auto`: the server is asked first; one that does not understand the question is a legacy one.
 */
export type Protocol = 'legacy' | 'auto' | 'modern'

/** The option that every connector of this entry has. */
export interface ProtocolOption {
  /** @defaultValue 'auto' */
  readonly protocol?: Protocol | undefined
}
