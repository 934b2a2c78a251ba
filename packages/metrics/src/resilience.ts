export { observeResilience } from './observe/resilience.ts'
