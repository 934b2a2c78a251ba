export {
  fromPRetry,
  type PRetry,
  type PRetryAdapterOptions,
  type PRetryContext,
  type PRetryOptions,
} from './adapters/p-retry.ts'
