export type {
  Catalog,
  CatalogColumn,
  CatalogForeignKey,
  CatalogParent,
  CatalogTable,
  DialectName,
} from './catalog/catalog.ts'
export { visibleCatalog } from './catalog/visible-catalog.ts'
export type {
  CallCost,
  CastRules,
  Dialect,
  DialectTraits,
  Lexis,
  NameRules,
  ParseBounds,
  ParsedText,
  SearchRules,
} from './dialect/dialect.ts'
export type {
  Body,
  CallExpression,
  CastExpression,
  ColumnExpression,
  CommonTable,
  ExplainStatement,
  Expression,
  FieldExpression,
  FromFunction,
  FromItem,
  FromJoin,
  FromQuery,
  FromTable,
  Identifier,
  LiteralExpression,
  OperatorExpression,
  OtherStatement,
  ParameterExpression,
  Query,
  QueryExpression,
  QueryStatement,
  Select,
  SelectItem,
  SetOperation,
  StarExpression,
  Statement,
  Values,
  Window,
} from './dialect/tree.ts'
export {
  DialectUnavailableError,
  isSqlGuardError,
  OptionInvalidError,
  PolicyInvalidError,
  SqlGuardError,
  type SqlGuardErrorCode,
} from './errors/errors.ts'
export { createSqlGuard, type SqlGuardOptions } from './guard/create-guard.ts'
export type { GuardEvent, GuardListener } from './guard/events.ts'
export type { SqlGuard } from './guard/guard.ts'
export type {
  AllowedVerdict,
  ColumnRead,
  ColumnUse,
  Finding,
  FindingCode,
  FunctionCall,
  RefusedVerdict,
  Span,
  TableRead,
  Verdict,
} from './guard/verdict.ts'
export type { PolicyProblem } from './policy/check.ts'
export { combinePolicies } from './policy/combine-policies.ts'
export { definePolicy, type PolicyInput } from './policy/define-policy.ts'
export type {
  ColumnAccess,
  FunctionAccess,
  Limits,
  Mask,
  MinGroupSize,
  Policy,
  RowAccess,
  StatementAccess,
  TableAccess,
} from './policy/policy.ts'
export type { Attribute } from './rewrite/row-filter.ts'
