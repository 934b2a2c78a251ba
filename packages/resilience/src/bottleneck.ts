export { fromBottleneck, type BottleneckLimiter } from './adapters/bottleneck.ts'
