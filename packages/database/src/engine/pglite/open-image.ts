import { readFile } from 'node:fs/promises'
import { PGlite } from '@electric-sql/pglite'
import type { PgliteClient } from './client.ts'

/** Opens a database in memory from what `dumpDataDir()` gave, as a file or as its content. */
export async function openImage(image: string | Blob): Promise<PgliteClient> {
  const loadDataDir = typeof image === 'string' ? new Blob([await readFile(image)]) : image
  return PGlite.create({ loadDataDir })
}
