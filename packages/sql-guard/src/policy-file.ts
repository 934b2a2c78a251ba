export { parsePolicy, type ParsePolicyOptions } from './policy/policy-file.ts'
