import { watch } from 'node:fs'
import { basename, dirname } from 'node:path'
import { readMetadataFile, type Metadata } from '@t2t/llm-sql/metadata'

/** Metadata that may change while it is served. */
export interface MetadataSource {
  current(): Metadata
  /** Calls back after every change; returns what ends that. */
  onChange(listener: () => void): () => void
}

/** Metadata that never changes. */
export function fixedMetadata(metadata: Metadata): MetadataSource {
  return { current: () => metadata, onChange: () => () => undefined }
}

/** How long a file must be left alone before it is read again, in milliseconds. */
const quietMs = 50

/**
 * Reads a file, and again whenever it changes. A change that is not valid is told to `complain`,
 * and what was valid before stays.
 */
export async function watchMetadata(
  path: string,
  complain: (message: string) => void,
): Promise<MetadataSource> {
  let { metadata } = await readMetadataFile(path)
  const listeners = new Set<() => void>()
  let timer: NodeJS.Timeout | undefined

  async function reload(): Promise<void> {
    try {
      const { metadata: next } = await readMetadataFile(path)
      if (JSON.stringify(next) === JSON.stringify(metadata)) return
      metadata = next
      for (const listener of listeners) listener()
    } catch (error) {
      complain(error instanceof Error ? error.message : String(error))
    }
  }

  // The folder is watched: editors put a new file in the place of the old one.
  watch(dirname(path), { persistent: false }, (_, name) => {
    if (name !== null && name !== basename(path)) return
    clearTimeout(timer)
    timer = setTimeout(() => void reload(), quietMs)
  })
  return {
    current: () => metadata,
    onChange: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
