// Writes docs/reference/faults.md from the table that the tests try. Run it: npm run faults -w packages/mcp-orchestrator
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { lanes } from '../test/faults/lanes.ts'
import { faultPage } from '../test/faults/matrix.ts'

const page = join(import.meta.dirname, '../../../docs/reference/faults.md')
await writeFile(page, faultPage(lanes))
