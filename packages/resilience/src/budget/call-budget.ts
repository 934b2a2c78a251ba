/** What a call and all calls nested in it may spend on attempts beyond the first of each. */
export interface CallBudget {
  /** Takes one further attempt; `false` when none is left. */
  takeExtraAttempt(): boolean
}
