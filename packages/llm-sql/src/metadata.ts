export type {
  ColumnTranslation,
  FiscalCalendar,
  GlossaryEntry,
  Metadata,
  MetricDefinition,
  Provenance,
  Source,
  ValueAlias,
  ValueSynonyms,
} from './metadata/metadata.ts'
export { readMetadataFile, type ReadMetadataOptions } from './metadata/read-file.ts'
export { parseMetadata, type ParsedMetadata } from './metadata/parse.ts'
export { metadataJsonSchema } from './metadata/schema.ts'
export {
  mergeMetadata,
  type DefinitionPlace,
  type MergedMetadata,
  type MetadataConflict,
} from './metadata/visible.ts'
