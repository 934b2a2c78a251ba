export type {
  Catalog,
  CatalogColumn,
  CatalogForeignKey,
  CatalogTable,
  DialectName,
} from './catalog/catalog.ts'
export type { GuardEvent, GuardListener } from './guard/events.ts'
export type { SqlGuard } from './guard/guard.ts'
export type {
  AllowedVerdict,
  ColumnRead,
  ColumnUse,
  Finding,
  FindingCode,
  RefusedVerdict,
  Span,
  TableRead,
  Verdict,
} from './guard/verdict.ts'
export type { ColumnAccess, FunctionAccess, Limits, Policy, TableAccess } from './policy/policy.ts'
