// A server on standard streams, started by the test beside it.
import { createDatabase } from '@t2t/database'
import { serveDatabaseMcpOverStdio } from '@t2t/database/mcp'
import { sqlite } from '@t2t/database/sqlite'
import { openShop, shopPolicy } from '../databases/shop.ts'

const shop = await createDatabase({
  name: 'shop',
  engine: sqlite({ database: openShop() }),
  policy: shopPolicy,
})
serveDatabaseMcpOverStdio({ databases: [shop] })
