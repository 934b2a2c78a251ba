import { z } from 'zod'
import { badVariable } from '../transport/process/check-variables.ts'
import { badHeader, checkUrl } from '../transport/web/check-url.ts'

const text = z.string().min(1)
const texts = z.array(text)
const seconds = (most: number) => z.number().gt(0).max(most)
const pins = z.record(text, z.string().regex(/^[0-9a-f]{64}$/, 'must be a fingerprint.'))

/** Says which field of a set is wrong; its value is not repeated. */
function complain(context: z.core.ParsePayload, key: string | undefined, message: string): void {
  if (key === undefined) return
  context.issues.push({ code: 'custom', path: [key], message, input: undefined })
}

const common = {
  name: z
    .string()
    .max(64)
    .regex(
      /^[A-Za-z0-9-]+(?:_[A-Za-z0-9-]+)*$/,
      'must be letters, digits, "-" or single "_" between them.',
    ),
  priority: z.int().min(1).max(999),
  domains: texts.optional(),
  capabilities: z.array(z.enum(['resources', 'tools'])).optional(),
  timeout: seconds(2_147_483).optional(),
  required: z.boolean().optional(),
  trust: z.enum(['trusted', 'untrusted']).optional(),
  max_in_flight: z.int().min(1).max(1_000).optional(),
  tools: z
    .strictObject({ allow: texts.optional(), block: texts.optional(), pins: pins.optional() })
    .optional(),
}

const notUsable = 'must be an https: address without user and password; http: is for this machine.'

const protocol = z.enum(['legacy', 'auto', 'modern']).optional()

const oauth = z
  .strictObject({
    issuer: text.refine((url) => isUsable(url), notUsable),
    client_id: text,
    client_secret: text,
    scopes: texts.optional(),
  })
  .optional()

const web = {
  url: text,
  headers: z
    .record(text, z.string())
    .check((context) => complain(context, badHeader(context.value), 'cannot be sent as a header.'))
    .optional(),
  allow_plain_http: z.boolean().optional(),
  oauth,
}

const stdio = z.strictObject({
  ...common,
  transport: z.literal('stdio'),
  protocol,
  command: text,
  args: z.array(z.string()).optional(),
  env: z
    .record(text, z.string())
    .check((context) => complain(context, badVariable(context.value), 'cannot be set.'))
    .optional(),
  cwd: text.optional(),
})
const http = z.strictObject({ ...common, ...web, transport: z.literal('http'), protocol })
const sse = z.strictObject({ ...common, ...web, transport: z.literal('sse') })

const server = z.discriminatedUnion('transport', [stdio, http, sse]).check((context) => {
  const { value } = context
  if (value.transport === 'stdio') return
  if (value.oauth !== undefined && hasAuthorization(value.headers)) {
    context.issues.push({
      code: 'custom',
      path: ['oauth'],
      message: 'cannot be used beside an authorization header.',
      input: undefined,
    })
  }
  if (isUsable(value.url, value.allow_plain_http)) return
  context.issues.push({
    code: 'custom',
    path: ['url'],
    message:
      'must be an https: address without user and password; http: is for this machine, or for allow_plain_http.',
    input: undefined,
  })
})

/** What a configuration looks like, once the references to the environment are resolved. */
export const configSchema = z.strictObject({
  mcp_servers: z
    .array(server)
    .min(1)
    .check((context) => {
      const seen = new Set<string>()
      for (const [index, { name }] of context.value.entries()) {
        if (seen.has(name)) {
          context.issues.push({
            code: 'custom',
            path: [index, 'name'],
            message: 'is the name of two servers.',
            params: { code: 'duplicate' },
            input: undefined,
          })
        }
        seen.add(name)
      }
    }),
  orchestration: z
    .strictObject({
      resource_cache_ttl: z.number().min(0).max(3_600).optional(),
      stale_if_error: z.number().min(0).max(86_400).optional(),
      fail_fast: z.boolean().optional(),
      log_level: z.enum(['debug', 'info', 'warn', 'error', 'silent']).optional(),
      mode: z.enum(['multi', 'single', 'auto']).optional(),
      primary: text.optional(),
      max_item_bytes: z.int().min(1).max(67_108_864).optional(),
      opens_after_failures: z.int().min(1).max(1_000).optional(),
      connects_at_once: z.int().min(1).max(1_000).optional(),
    })
    .optional(),
})

/** A configuration that can work. */
export type CheckedConfig = z.infer<typeof configSchema>

/** One server of a configuration. */
export type CheckedServer = CheckedConfig['mcp_servers'][number]

function hasAuthorization(headers: Readonly<Record<string, string>> = {}): boolean {
  return Object.keys(headers).some((name) => name.toLowerCase() === 'authorization')
}

function isUsable(url: string, allowPlainHttp = false): boolean {
  try {
    checkUrl(url, allowPlainHttp)
    return true
  } catch {
    return false
  }
}
