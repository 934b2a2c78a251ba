import { join } from 'node:path'
import type { EngineName } from '../parts/shop.ts'
import { checkConfig } from './read-config.ts'
import type { ServerConfig } from './schema.ts'

const metadataServer = join(
  import.meta.dirname,
  '..',
  '..',
  '..',
  'product-metadata-mcp',
  'main.ts',
)

/** Columns whose values people say in questions: "customers from Vienna". */
const namedInQuestions = [
  'customers.city',
  'customers.country',
  'orders.status',
  'products.category',
  'products.name',
  'returns.reason',
  'stores.name',
]

/** What the server is without a configuration: the shop, for whoever can reach loopback. */
export function demoConfig(engine: EngineName, environment: NodeJS.ProcessEnv): ServerConfig {
  const { OPENAI_BASE_URL: url = '', OPENAI_API_KEY: key, OPENAI_MODEL: model = '' } = environment
  return checkConfig({
    auth: { anonymous: 'analyst' },
    roles: { analyst: { policies: ['analyst'], admin: true } },
    // What the people who ask may read: everything but e-mail addresses.
    policies: { analyst: { columns: { block: ['customers.email'] } } },
    databases: [
      { name: 'shop', engine: 'demo', in: engine, sample_values: { columns: namedInQuestions } },
    ],
    ...(url !== '' && model !== '' && { model: { name: model, base_url: url, api_key: key } }),
    metrics: { public: true },
    log: { level: 'warn' },
    mcp_servers: [
      {
        name: 'metadata',
        priority: 1,
        transport: 'stdio',
        command: process.execPath,
        args: ['--conditions=@t2t/source', metadataServer],
      },
    ],
  })
}
