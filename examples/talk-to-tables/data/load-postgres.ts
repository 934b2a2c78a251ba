import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { columns, type RetailData } from './retail.ts'
import { indexSql, schemaSql } from './schema.ts'

/**
 * Opens an embedded PostgreSQL that holds the shop.
 *
 * A new PGlite takes seconds to initialise, so the loaded database is kept as an image in `folder`,
 * one a day, and later runs start from it.
 */
export async function openPostgres(
  folder: string,
  today: Date,
  generate: () => RetailData,
): Promise<PGlite> {
  const day = `${today.getFullYear()}-${today.getMonth() + 1}-${today.getDate()}`
  const image = join(folder, `retail-${day}.tar`)
  const saved = readImage(image)
  if (saved !== undefined) return PGlite.create({ loadDataDir: saved })

  const client = await PGlite.create()
  await client.exec(schemaSql('numeric(10,2)').join(';\n'))
  const data = generate()
  for (const table of Object.keys(columns) as (keyof typeof columns)[]) {
    const csv = data[table].map((row) => row.join('\t')).join('\n')
    await client.query(`COPY ${table} FROM '/dev/blob'`, [], { blob: new Blob([csv]) })
  }
  await client.exec(`${indexSql.join(';\n')}; ANALYZE`)
  await writeImage(folder, image, await client.dumpDataDir('none'))
  return client
}

function readImage(path: string): Blob | undefined {
  try {
    return new Blob([readFileSync(path)])
  } catch {
    return undefined
  }
}

async function writeImage(folder: string, path: string, image: Blob): Promise<void> {
  mkdirSync(folder, { recursive: true })
  for (const old of readdirSync(folder)) rmSync(join(folder, old))
  const unfinished = `${path}.${process.pid}`
  writeFileSync(unfinished, Buffer.from(await image.arrayBuffer()))
  renameSync(unfinished, path)
}
