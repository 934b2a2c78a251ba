export {
  type ObservedVerdict,
  proposePolicy,
  type ProposedPolicy,
  type ProposedRule,
  type ProposePolicyOptions,
} from './traffic/propose-policy.ts'
