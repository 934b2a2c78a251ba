export {
  fromRateLimiterFlexible,
  type FlexibleAnswer,
  type FlexibleLimiter,
} from './adapters/rate-limiter-flexible.ts'
