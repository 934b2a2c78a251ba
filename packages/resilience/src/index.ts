export { pipe, type Operation, type OperationContext, type Policy } from './policy/policy.ts'
