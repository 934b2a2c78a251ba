export {
  shadowGuard,
  type ShadowDifference,
  type ShadowGuard,
  type ShadowGuardOptions,
  type ShadowVerdict,
} from './shadow/shadow-guard.ts'
