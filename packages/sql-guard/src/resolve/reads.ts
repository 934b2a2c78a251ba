import { tableKey } from '../catalog/table-key.ts'
import type { CallExpression, ColumnExpression } from '../dialect/tree.ts'
import type { GroupSize } from '../policy/access.ts'
import type { Mask } from '../policy/policy.ts'
import type { ColumnUse, Finding, FunctionCall, Span, TableRead } from '../guard/verdict.ts'
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

/** A call of an aggregate on a column that may only be read in groups. */
export interface GroupedCall {
  readonly call: CallExpression
  /** The column, which is all that stands between the brackets. */
  readonly argument: ColumnExpression
  /** How the column is written. */
  readonly text: string
  readonly sizes: readonly GroupSize[]
  readonly table: BaseTable
  /** What the table is called at this place. */
  readonly alias: string
  /** The column that tells rows of the table apart, where a join may repeat them. */
  readonly key: string | undefined
  /** Whether the call is an output column without a name of its own. */
  isItem: boolean
}

/** Where a base table stands in the text. */
export interface TableReference {
  readonly table: BaseTable
  readonly span: Span
  readonly isNamed: boolean
}

/** Ends a resolution that has found all that anybody would read. */
export class EnoughFindings extends Error {}

/** Collects what a statement reads, and what is wrong with it. */
export class Reads {
  readonly findings: Finding[] = []
  /** Quoted names that the engine takes for strings. */
  readonly strings: { readonly span: Span; readonly text: string }[] = []
  /** Masked columns that are output columns by themselves, and stars that hold one. */
  readonly masks: MaskedItem[] = []
  /** Calls whose value may only be shown where their group is large enough. */
  readonly groups: GroupedCall[] = []
  /** Names of all common tables in the text. */
  readonly commonTables = new Set<string>()
  /** Names that a common table may find only where it is used. */
  readonly lateNames = new Map<string, ColumnExpression>()
  /** How often these were looked up. */
  lateLookups = 0
  /** Names of base tables in the text. */
  readonly references: TableReference[] = []
  /** Rows that the generators make together. */
  generatedRows = 1
  /** Bytes of the texts that functions build out of constants. */
  builtBytes = 0
  /** Pairs of tables that no condition connects. */
  crossJoins = 0
  /** Names of common tables that have a limit of their own. */
  readonly limitedTables = new Set<string>()
  readonly #tables = new Map<string, { table: BaseTable; columns: Map<string, Set<ColumnUse>> }>()
  /** Tables that the text names itself, not only a view in it. */
  readonly #named = new Set<string>()
  readonly #functions = new Map<string, FunctionCall>()
  readonly #maxFindings: number

  constructor(maxFindings: number) {
    this.#maxFindings = maxFindings
  }

  /**
   * Adds a finding, unless the same one is there already.
   *
   * @throws {@link EnoughFindings} when no more are wanted: the statement is refused anyway.
   */
  report(finding: Finding): void {
    const isKnown = this.findings.some(
      ({ code, subject }) => code === finding.code && subject === finding.subject,
    )
    if (isKnown) return
    const { span } = finding
    // Spans may be found when they are asked for; a finding holds plain ones.
    const plain = span === undefined ? {} : { span: { start: span.start, end: span.end } }
    this.findings.push({ ...finding, ...plain })
    if (this.findings.length >= this.#maxFindings) throw new EnoughFindings()
  }

  /** Notes that the text names a table. */
  named(table: BaseTable): void {
    this.#named.add(tableKey(table.schema, table.name))
    this.table(table)
  }

  table(table: BaseTable): Map<string, Set<ColumnUse>> {
    const key = tableKey(table.schema, table.name)
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

  /** Notes a call in the text itself. */
  call(schema: string | undefined, name: string, arity: number): void {
    const key = `${schema ?? ''}.${name}/${arity}`
    if (this.#functions.has(key)) return
    this.#functions.set(key, { ...(schema === undefined ? {} : { schema }), name, arity })
  }

  /** The functions called, each once for each number of arguments. */
  get functions(): readonly FunctionCall[] {
    return [...this.#functions.values()]
  }

  /** The tables read, without their columns. */
  get tables(): readonly BaseTable[] {
    return [...this.#tables.values()].map(({ table }) => table)
  }

  list(): readonly TableRead[] {
    return [...this.#tables].map(([key, { table, columns }]) => ({
      schema: table.schema,
      table: table.name,
      ...(table.isView === undefined ? {} : { isView: table.isView }),
      ...(table.isFullText === undefined ? {} : { isFullText: table.isFullText }),
      ...(this.#named.has(key) ? {} : { isBehind: true }),
      columns: [...columns].map(([column, uses]) => ({ column, uses: [...uses] })),
    }))
  }
}
