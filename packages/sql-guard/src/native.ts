export {
  sqliteAuthorizer,
  type SqliteAuthorizer,
  type SqliteReads,
} from './native/sqlite-authorizer.ts'
export type { NativeGap } from './native/gaps.ts'
export {
  nativePolicy,
  type NativePolicy,
  type NativePolicyOptions,
} from './native/native-policy.ts'
