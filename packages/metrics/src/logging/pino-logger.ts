import {
  type Bindings,
  type ChildLoggerOptions,
  type DestinationStream,
  type Logger,
  pino,
} from 'pino'
import { currentCorrelation } from '../correlation/correlation.ts'
import { redact, redactText } from './redact.ts'

/** Options for {@link createPinoLogger}. */
export interface PinoLoggerOptions {
  /** @defaultValue 'info' */
  readonly level?: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent' | undefined
  /** Name of the service, as `service` in every line. */
  readonly service?: string | undefined
  /** @defaultValue standard output */
  readonly destination?: DestinationStream | undefined
}

/**
 * Creates a pino logger whose lines are JSON, carry the correlation of the request, and hold no
 * secrets, rows or SQL.
 *
 * Every field goes through {@link redact}, also those of child loggers; messages are masked by
 * the form of credentials. Lines have `time` in ISO 8601, and `correlation_id`, `trace_id` and
 * `span_id` inside of `withCorrelation`.
 *
 * @example
 * ```ts
 * import { createPinoLogger } from '@t2t/metrics/pino'
 *
 * const logger = createPinoLogger({ service: 'talk-to-tables' })
 * logger.info({ database: 'shop', password: 'never seen' }, 'connected')
 * ```
 */
export function createPinoLogger(options: PinoLoggerOptions = {}): Logger {
  const { level = 'info', service, destination } = options
  const settings = {
    level,
    base: service === undefined ? {} : { service },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    mixin: correlationFields,
    // The errors are redacted as fields; pino's own serializer would repeat their messages.
    serializers: { err: redact },
    formatters: {
      level: (label: string) => ({ level: label }),
      log: redactFields,
    },
    hooks: {
      logMethod(this: Logger, input: Parameters<Logger['info']>, method: Logger['info']): void {
        const [first, ...rest] = input
        // Given an error alone, pino takes over its message as the message of the line.
        const safe: unknown = first instanceof Error ? { err: first } : first
        // Fields are redacted by the formatter below; everything after them goes into the message.
        const line = [typeof safe === 'string' ? redactText(safe) : safe, ...rest.map(redact)]
        if (safe !== first && rest.length === 0) line.push(first instanceof Error ? first.name : '')
        Reflect.apply(method, this, line)
      },
    },
  }
  return guardChildren(destination === undefined ? pino(settings) : pino(settings, destination))
}

/** Redacts what is bound to child loggers: pino has no formatter for that. Children inherit it. */
function guardChildren(logger: Logger): Logger {
  const { child, setBindings } = Object.getPrototypeOf(logger)
  return Object.assign(logger, {
    child(this: Logger, bindings: Bindings, options?: ChildLoggerOptions): Logger {
      return Reflect.apply(child, this, [redactFields(bindings), options])
    },
    setBindings(this: Logger, bindings: Bindings): void {
      Reflect.apply(setBindings, this, [redactFields(bindings)])
    },
  })
}

function redactFields(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const copied = redact(fields)
  return typeof copied === 'object' && copied !== null ? { ...copied } : {}
}

function correlationFields(): object {
  const correlation = currentCorrelation()
  if (correlation === undefined) return {}
  const { id, trace } = correlation
  return { correlation_id: id, trace_id: trace.traceId, span_id: trace.spanId }
}
