import type { Catalog } from '@t2t/sql-guard'
import { wordsOf } from '../schema/identifier.ts'
import { rankColumns } from '../schema/ranking/rank.ts'
import { repairAggregates } from './repair/aggregates.ts'
import { repairAliases } from './repair/aliases.ts'
import { classOf, type Failure, type FailureClass } from './repair/classify.ts'
import { repairColumns, repairOuterColumns } from './repair/columns.ts'
import { repairFunctions } from './repair/functions.ts'
import { repairJoins } from './repair/joins.ts'
import { splice } from './repair/sql/lex.ts'
import { readStatement, type Statement } from './repair/sql/references.ts'
import { repairPairs } from './repair/pairs.ts'
import type { Repair, RepairCertainty, RepairStep } from './repair/repair-step.ts'
import { repairTables } from './repair/tables.ts'
import { repairText } from './repair/text.ts'
import { repairTypes } from './repair/types.ts'

/** Options for {@link repair}. */
export interface RepairOptions {
  /** What the text may read; nothing else is put into it. */
  readonly catalog: Catalog
  /**
   * Decides about a repaired text: `undefined` when it is good. With a guard, that is
   * `(sql) => { const verdict = guard.check(sql); return verdict.kind === 'refused' ? verdict : undefined }`.
   */
  readonly check: (sql: string) => Failure | undefined
  /** Breaks ties between tables; without it, such texts are not mended. */
  readonly question?: string | undefined
  /**
   * The least certain repairs that are made.
   * @defaultValue 'guess'
   */
  readonly certainty?: RepairCertainty | undefined
  /**
   * Repairs that are made one after the other at the most. An integer from 1 up.
   * @defaultValue 8
   */
  readonly maxSteps?: number | undefined
}

/** A text that was mended. */
export interface Repaired {
  readonly sql: string
  /** What was mended, in order. */
  readonly repairs: readonly Repair[]
  /** That of the least certain of the repairs. */
  readonly certainty: RepairCertainty
}

/** Longest text that is mended, in characters. */
const maxLength = 10_000
const order: readonly RepairCertainty[] = ['sure', 'likely', 'guess']

/**
 * Mends an SQL text that failed, without a model: one thing after the other, until `check` has
 * nothing against it.
 *
 * The failure is named first, and only repairs of its class are tried: names that are misspelt,
 * belong to another table of the statement or to one that foreign keys lead to; ambiguous names;
 * invalid joins; functions of other dialects; misplaced aggregates and missing groups; misspelt
 * keywords; open quotes and brackets; text around the statement. Every repair is reported, with how
 * certain it is. What a policy forbids is not touched. It stops when nothing new comes.
 *
 * @returns `undefined` when the text could not be mended in full.
 */
export function repair(
  sql: string,
  failure: Failure,
  options: RepairOptions,
): Repaired | undefined {
  const { catalog, check, question, certainty = 'guess', maxSteps = 8 } = options
  if (sql.length > maxLength) return undefined
  const asked = readQuestion(question, catalog)
  const seen = new Set([sql])
  const repairs: Repair[] = []
  let text = sql
  let current: Failure | undefined = failure
  for (let step = 0; current !== undefined; step++) {
    if (step === maxSteps) return undefined
    const next = stepOf(current, readStatement(text, catalog, asked))
    if (next === undefined || next.repairs.some((one) => rank(one.certainty) > rank(certainty)))
      return undefined
    text = splice(text, next.edits)
    if (seen.has(text) || text.length > maxLength) return undefined
    seen.add(text)
    repairs.push(...next.repairs)
    current = check(text)
  }
  const worst = Math.max(0, ...repairs.map((one) => rank(one.certainty)))
  return { sql: text, repairs, certainty: order[worst] ?? 'guess' }
}

function readQuestion(
  question: string | undefined,
  catalog: Catalog,
): Pick<Statement, 'likelyTables' | 'isInQuestion'> {
  const said = wordsOf(question ?? '')
  return {
    likelyTables: () =>
      question === undefined
        ? []
        : [...new Set(rankColumns(question, catalog).map(({ profile }) => profile.table.table))],
    isInQuestion: (text) => {
      const words = wordsOf(text)
      return words.length > 0 && words.every((word) => said.includes(word))
    },
  }
}

function rank(certainty: RepairCertainty): number {
  return order.indexOf(certainty)
}

type Mend = (statement: Statement) => RepairStep | undefined

const text: Mend = ({ sql, catalog }) => repairText(sql, catalog)
const names: readonly Mend[] = [
  repairTables,
  repairAliases,
  repairJoins,
  repairPairs,
  repairColumns,
]

/** What is tried for each class of failures, in this order. */
const mends: Readonly<Record<FailureClass, readonly Mend[]>> = {
  'column-unknown': names,
  'column-ambiguous': [repairPairs, repairColumns],
  'table-unknown': [repairTables],
  'table-missing': names,
  'function-unknown': [repairFunctions],
  'aggregate-misplaced': [repairOuterColumns, repairAggregates],
  'group-missing': [repairAggregates],
  'type-mismatch': [repairTypes],
  'syntax-invalid': [text, repairFunctions],
  other: [],
}

function stepOf(failure: Failure, statement: Statement): RepairStep | undefined {
  for (const mend of mends[classOf(failure)]) {
    const step = mend(statement)
    if (step !== undefined) return step
  }
  return undefined
}
