import type { Catalog, CatalogTable } from '@t2t/sql-guard'
import { withVersion } from '../catalog-version.ts'
import type { Ask } from './ask.ts'

/** Reads tables, views, columns, comments, keys, enums and estimates outside the system schemas. */
export async function introspectPostgres(
  ask: Ask,
  searchPath: readonly string[],
): Promise<Catalog> {
  const rows = await ask(tablesQuery)
  const tables = rows.map(([text]): CatalogTable => toTable(JSON.parse(text ?? '{}')))
  return withVersion({ dialect: 'postgres', searchPath, tables })
}

interface TableRow {
  readonly schema: string
  readonly name: string
  readonly kind: 'table' | 'view'
  readonly comment: string | null
  readonly estimatedRows: number
  readonly definition: string | null
  readonly parents: CatalogTable['parents'] | null
  readonly columns: readonly ColumnRow[] | null
  readonly primaryKey: readonly string[] | null
  readonly foreignKeys: CatalogTable['foreignKeys'] | null
}

interface ColumnRow {
  readonly name: string
  readonly type: string
  readonly isNullable: boolean
  readonly comment: string | null
  readonly generatedFrom: readonly string[] | null
  readonly enumValues: readonly string[] | null
}

function toTable(row: TableRow): CatalogTable {
  const { schema, name, kind, comment, estimatedRows, definition, parents } = row
  return {
    schema,
    name,
    kind,
    columns: (row.columns ?? []).map(({ comment: said, generatedFrom, enumValues, ...column }) => ({
      ...column,
      ...(said === null ? {} : { comment: said }),
      ...(generatedFrom === null ? {} : { generatedFrom }),
      ...(enumValues === null ? {} : { enumValues }),
    })),
    primaryKey: row.primaryKey ?? [],
    foreignKeys: row.foreignKeys ?? [],
    ...(comment === null ? {} : { comment }),
    // -1 says that the table was never analysed.
    ...(estimatedRows < 0 ? {} : { estimatedRows }),
    ...(definition === null ? {} : { definition: definition.trim().replace(/;$/, '') }),
    ...(parents === null ? {} : { parents }),
  }
}

const columnNames = (relation: string, numbers: string): string => `(
  SELECT jsonb_agg(a.attname ORDER BY k.place)
  FROM unnest(${numbers}) WITH ORDINALITY AS k(number, place)
  JOIN pg_attribute a ON a.attrelid = ${relation} AND a.attnum = k.number)`

const foreignKeys = `(
  SELECT jsonb_agg(jsonb_build_object(
    'columns', ${columnNames('f.conrelid', 'f.conkey')},
    'references', jsonb_build_object(
      'schema', fn.nspname, 'table', fc.relname,
      'columns', ${columnNames('f.confrelid', 'f.confkey')})) ORDER BY f.conname)
  FROM pg_constraint f
  JOIN pg_class fc ON fc.oid = f.confrelid
  JOIN pg_namespace fn ON fn.oid = fc.relnamespace
  WHERE f.conrelid = c.oid AND f.contype = 'f')`

const generatedFrom = `(
  SELECT jsonb_agg(s.attname ORDER BY s.attnum)
  FROM pg_attrdef g
  JOIN pg_depend d ON d.classid = 'pg_attrdef'::regclass AND d.objid = g.oid
    AND d.refclassid = 'pg_class'::regclass AND d.refobjid = a.attrelid AND d.refobjsubid <> a.attnum
  JOIN pg_attribute s ON s.attrelid = d.refobjid AND s.attnum = d.refobjsubid
  WHERE g.adrelid = a.attrelid AND g.adnum = a.attnum AND a.attgenerated <> '')`

const columns = `(
  SELECT jsonb_agg(jsonb_build_object(
    'name', a.attname,
    'type', format_type(a.atttypid, a.atttypmod),
    'isNullable', NOT a.attnotnull,
    'comment', col_description(a.attrelid, a.attnum),
    'generatedFrom', ${generatedFrom},
    'enumValues', (
      SELECT jsonb_agg(e.enumlabel ORDER BY e.enumsortorder)
      FROM pg_enum e WHERE e.enumtypid = a.atttypid)) ORDER BY a.attnum)
  FROM pg_attribute a
  WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)`

const parents = `(
  SELECT jsonb_agg(jsonb_build_object('schema', pn.nspname, 'table', pc.relname) ORDER BY i.inhseqno)
  FROM pg_inherits i
  JOIN pg_class pc ON pc.oid = i.inhparent
  JOIN pg_namespace pn ON pn.oid = pc.relnamespace
  WHERE i.inhrelid = c.oid)`

const tablesQuery = `
SELECT jsonb_build_object(
  'schema', n.nspname,
  'name', c.relname,
  'kind', CASE WHEN c.relkind IN ('v', 'm') THEN 'view' ELSE 'table' END,
  'comment', obj_description(c.oid, 'pg_class'),
  'estimatedRows', CASE WHEN c.relkind = 'v' THEN -1 ELSE c.reltuples END,
  'definition', CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END,
  'parents', ${parents},
  'columns', ${columns},
  'primaryKey', (
    SELECT ${columnNames('p.conrelid', 'p.conkey')}
    FROM pg_constraint p WHERE p.conrelid = c.oid AND p.contype = 'p'),
  'foreignKeys', ${foreignKeys})::text
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
  AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp)'
ORDER BY n.nspname, c.relname`
