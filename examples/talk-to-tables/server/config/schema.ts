import { configSchema } from '@t2t/mcp-orchestrator/config'
import { z } from 'zod'

const text = z.string().min(1)
const name = z
  .string()
  .regex(/^[A-Za-z][\w-]{0,62}$/, 'must be a letter, then at most 62 letters, digits, "_" or "-".')
const attribute = z.union([z.string(), z.number(), z.boolean()])
const seconds = (most: number) => z.number().gt(0).max(most)
const count = (most: number, least = 1) => z.int().min(least).max(most)

const server = z.strictObject({
  host: text.default('127.0.0.1'),
  port: count(65_535, 0).default(8_001),
  public_url: z.url().optional().describe('How callers reach it; default: host and port.'),
  allowed_hosts: z.array(text).default([]).describe('Names in `Host`, beside those of loopback.'),
  cors: z.array(z.url()).default([]).describe('Origins of pages that may call it.'),
  grace: seconds(3_600).default(5).describe('Seconds that requests have to end on SIGTERM.'),
  max_body_bytes: count(16_777_216, 1_024).default(65_536),
  slow_body: seconds(3_600).default(20).describe('Seconds in which a body must have come.'),
  request_timeout: seconds(3_600).default(120).describe('Seconds that one answer may take.'),
  max_concurrent: count(100_000).default(200).describe('Requests at once; more get 503.'),
  allow_writable_roles: z
    .boolean()
    .default(false)
    .describe('Serve a network address although the role of a database can write.'),
})

const apiKey = z.strictObject({
  name: name.describe('Who it belongs to; the owner of sessions.'),
  sha256: z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 hexadecimal digits.'),
  role: name,
  attributes: z.record(name, attribute).default({}),
})
const oidc = z.strictObject({
  issuer: z.url(),
  audience: text,
  jwks_url: z.url().optional().describe('Default: what the issuer says.'),
  role_claim: text.default('roles'),
  roles: z.record(text, name).describe('From a value of the claim to a role.'),
  attributes: z.record(name, text).default({}).describe('From an attribute to a claim.'),
})
const auth = z.strictObject({
  anonymous: name.optional().describe('The role of callers without credentials; loopback only.'),
  api_keys: z.array(apiKey).default([]),
  oidc: oidc.optional(),
})

const limits = z.strictObject({
  questions_per_minute: z.number().gt(0).max(1e6).optional(),
  tokens_per_day: z.number().gt(0).max(1e12).optional(),
  concurrent: count(100_000).optional().describe('Questions of one caller at once.'),
})
const role = z.strictObject({
  policies: z.array(name).min(1).describe('All of them hold; the stricter wins.'),
  databases: z.array(name).optional().describe('Default: all.'),
  admin: z.boolean().default(false),
  limits: limits.default({}),
})

const databaseCommon = {
  name,
  sample_values: z
    .strictObject({ columns: z.array(text), max_values: count(10_000).default(200) })
    .optional(),
  business_metadata: text.optional().describe('A JSON file beside this one.'),
  catalog_max_age: seconds(86_400).optional(),
  cache: z.strictObject({ ttl: seconds(86_400), max_bytes: count(1_073_741_824) }).optional(),
  timeout: seconds(3_600).optional().describe('Seconds that one query may take.'),
}
const pooled = {
  url: text.describe('Without a password; that is a field of its own.'),
  password: z.string().optional(),
  tls: z.boolean().optional(),
  max_connections: count(1_000).optional(),
}
const database = z.discriminatedUnion('engine', [
  z.strictObject({
    ...databaseCommon,
    engine: z.literal('demo'),
    in: z.enum(['sqlite', 'postgres']).default('sqlite'),
  }),
  z.strictObject({ ...databaseCommon, engine: z.literal('sqlite'), path: text }),
  z.strictObject({
    ...databaseCommon,
    ...pooled,
    engine: z.literal('postgres'),
    search_path: z.array(text).optional(),
  }),
  z.strictObject({ ...databaseCommon, ...pooled, engine: z.literal('mysql') }),
  z.strictObject({
    ...databaseCommon,
    engine: z.literal('clickhouse'),
    url: text,
    database: text,
    user: text.optional(),
    password: z.string().optional(),
    max_connections: count(1_000).optional(),
  }),
])

const model = z.strictObject({
  provider: z.enum(['openai', 'anthropic', 'gemini']).default('openai'),
  base_url: z.url().optional(),
  name: text,
  api_key: text.optional(),
  timeout: seconds(600).default(60).describe('Seconds for one attempt; twice that in total.'),
  max_attempts: count(10).default(3),
  when_away: z.enum(['offline', 'fail']).default('fail'),
})

const sessions = z.discriminatedUnion('store', [
  z.strictObject({ store: z.literal('memory'), keep_days: z.number().gt(0).optional() }),
  z.strictObject({
    store: z.literal('sqlite'),
    path: text,
    keep_days: z.number().gt(0).optional(),
  }),
  z.strictObject({ store: z.literal('jsonl'), path: text, keep_days: z.number().gt(0).optional() }),
  z.strictObject({
    store: z.literal('postgres'),
    url: text,
    password: z.string().optional(),
    keep_days: z.number().gt(0).optional(),
  }),
  z.strictObject({
    store: z.literal('mysql'),
    url: text,
    password: z.string().optional(),
    keep_days: z.number().gt(0).optional(),
  }),
])

/** What `config.yaml` looks like. Policies are checked by `definePolicy`, so they are open here. */
export const serverConfigSchema = z.strictObject({
  server: server.prefault({}),
  auth,
  roles: z.record(name, role),
  policies: z.record(name, z.looseObject({})),
  databases: z.array(database).min(1),
  model: model.optional().describe('Without one, rules write the SQL.'),
  sessions: sessions.default({ store: 'memory' }),
  redis: z
    .strictObject({
      url: text,
      max_bytes: count(1_099_511_627_776, 1_048_576)
        .default(268_435_456)
        .describe('Bytes of rows and answers that are kept there for ten minutes.'),
    })
    .optional()
    .describe('Shares limits, circuits, rows of answers and kept answers between processes.'),
  audit: z.strictObject({ path: text, key: z.string().min(16).optional() }).optional(),
  metrics: z.strictObject({ public: z.boolean().default(false) }).prefault({}),
  log: z
    .strictObject({
      level: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
    })
    .prefault({}),
  translations: z
    .record(
      z.string().regex(/^[a-z]{2,3}$/, 'must be a language such as de.'),
      z.record(text, text),
    )
    .default({})
    .describe('From a language and a code of an error to what callers are told.'),
  mcp_servers: configSchema.shape.mcp_servers.optional(),
  orchestration: configSchema.shape.orchestration,
})

/** A configuration that can work; the schema alone does not know whether names exist. */
export type ServerConfig = z.infer<typeof serverConfigSchema>
export type DatabaseConfig = ServerConfig['databases'][number]
export type RoleConfig = ServerConfig['roles'][string]
export type ModelConfig = NonNullable<ServerConfig['model']>
