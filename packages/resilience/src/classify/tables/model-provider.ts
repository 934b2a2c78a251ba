import { tableOf } from '../failure-kind.ts'

/**
 * Codes and types in the error bodies of model providers. They come before the HTTP status: a spent
 * quota is a 429 that no pause cures.
 */
export const modelProvider = tableOf({
  passing: `server_error overloaded_error api_error timeout_error UNAVAILABLE INTERNAL DEADLINE_EXCEEDED
    ServiceUnavailableException InternalServerException ModelNotReadyException
    ModelTimeoutException`,
  limited: `rate_limit_exceeded rate_limit_error RESOURCE_EXHAUSTED
    ThrottlingException TooManyRequestsException`,
  contended: 'ABORTED conflict_error',
  broken: 'DATA_LOSS',
  rejected: `insufficient_quota billing_hard_limit_reached billing_not_active billing_error
    access_terminated account_deactivated invalid_api_key invalid_request_error
    context_length_exceeded string_above_max_length model_not_found content_filter
    content_policy_violation unsupported_parameter unsupported_value
    authentication_error permission_error not_found_error request_too_large
    INVALID_ARGUMENT FAILED_PRECONDITION OUT_OF_RANGE PERMISSION_DENIED UNAUTHENTICATED
    NOT_FOUND ALREADY_EXISTS UNIMPLEMENTED
    ValidationException AccessDeniedException ResourceNotFoundException
    ServiceQuotaExceededException`,
  cancelled: 'CANCELLED',
})
