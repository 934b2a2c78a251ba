import type { Clock } from '../clock/clock.ts'

/** Keeps the latest outcomes of a circuit and says when there are too many failures. */
export interface OutcomeWindow {
  /** Notes the outcome of a finished call; `true` when the circuit must open. */
  note(isFailure: boolean): boolean
  /** Forgets everything. */
  clear(): void
}

/** When a circuit opens: creates the window that decides. */
export type OpeningRule = (clock: Clock) => OutcomeWindow
