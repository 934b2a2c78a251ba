import type { Mask } from '../policy/policy.ts'
import type { ColumnUse, Finding, Span, TableRead } from '../guard/verdict.ts'
import type { BaseTable, Source } from './relation.ts'

/** An output column, or a star, whose text must be replaced to mask what it shows. */
export interface MaskedItem {
  readonly span: Span
  /** In order; a star has one for each column that it stands for. */
  readonly columns: readonly {
    /** How the column is written. */
    readonly text: string
    /** The name that the answer has for it. */
    readonly name: string
    readonly mask: Mask | undefined
    /** The masked column of the database. */
    readonly source: Source | undefined
    /** Everything that the column reads. */
    readonly sources: readonly Source[]
  }[]
  /** Whether the item has a name of its own already. */
  readonly isNamed: boolean
}

/** Where a base table stands in the text. */
export interface TableReference {
  readonly table: BaseTable
  readonly span: Span
  readonly isNamed: boolean
}

/** Collects what a statement reads, and what is wrong with it. */
export class Reads {
  readonly findings: Finding[] = []
  /** Quoted names that the engine takes for strings. */
  readonly strings: { readonly span: Span; readonly text: string }[] = []
  /** Masked columns that are output columns by themselves, and stars that hold one. */
  readonly masks: MaskedItem[] = []
  /** Names of all common tables in the text. */
  readonly commonTables = new Set<string>()
  /** Names of base tables in the text. */
  readonly references: TableReference[] = []
  /** Rows that the generators make together. */
  generatedRows = 1
  /** Pairs of tables that no condition connects. */
  crossJoins = 0
  /** Names of common tables that have a limit of their own. */
  readonly limitedTables = new Set<string>()
  readonly #tables = new Map<string, { table: BaseTable; columns: Map<string, Set<ColumnUse>> }>()
  readonly #maxFindings: number

  constructor(maxFindings: number) {
    this.#maxFindings = maxFindings
  }

  /** Adds a finding, unless the same one is there already. */
  report(finding: Finding): void {
    const isKnown = this.findings.some(
      ({ code, subject }) => code === finding.code && subject === finding.subject,
    )
    if (isKnown || this.findings.length >= this.#maxFindings) return
    const { span } = finding
    // Spans may be found when they are asked for; a finding holds plain ones.
    const plain = span === undefined ? {} : { span: { start: span.start, end: span.end } }
    this.findings.push({ ...finding, ...plain })
  }

  table(table: BaseTable): Map<string, Set<ColumnUse>> {
    const key = `${table.schema}.${table.name}`
    let entry = this.#tables.get(key)
    if (entry === undefined) this.#tables.set(key, (entry = { table, columns: new Map() }))
    return entry.columns
  }

  /** Notes a read; returns whether it is new. */
  column({ table, column }: Source, use: ColumnUse): boolean {
    const columns = this.table(table)
    const uses = columns.get(column)
    if (uses === undefined) {
      columns.set(column, new Set([use]))
      return true
    }
    uses.add(use)
    return false
  }

  /** The tables read, without their columns. */
  get tables(): readonly BaseTable[] {
    return [...this.#tables.values()].map(({ table }) => table)
  }

  list(): readonly TableRead[] {
    return [...this.#tables.values()].map(({ table, columns }) => ({
      schema: table.schema,
      table: table.name,
      columns: [...columns].map(([column, uses]) => ({ column, uses: [...uses] })),
    }))
  }
}
