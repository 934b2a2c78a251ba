import type { Catalog, CatalogTable } from '../../catalog/catalog.ts'
import { type Inheritance, inheritanceOf } from '../../catalog/inheritance.ts'
import { tableKey } from '../../catalog/table-key.ts'
import type { Dialect } from '../../dialect/dialect.ts'
import { type BaseTable, type Column, type Outcome, type Source, sourcesOf } from '../relation.ts'

/** A table of the catalog, ready for resolution. */
export interface KnownTable {
  readonly base: BaseTable
  readonly columns: readonly Column[]
  /** The column that the row's identity stands for. */
  readonly rowId: Column | undefined
  /** Columns that no star gives. */
  readonly hidden: readonly Column[]
  /** Base tables behind a view, and the tables whose rows are read with those of a table. */
  readonly behind: readonly BaseTable[]
  /** Columns that decide which rows a view gives, or what is in them, without being shown. */
  readonly decisive: readonly Source[]
  /** Whether it is a view of which it is not known what it reads. */
  readonly isOpaque: boolean
}

/** What a view reads, found out by resolving its definition. */
export type ViewReader = (definition: string) =>
  | {
      readonly outcome: Outcome
      readonly tables: readonly BaseTable[]
      readonly decisive: readonly Source[]
    }
  | undefined

/** The catalog as the resolver asks it. */
export class Tables {
  readonly #catalog: Catalog
  readonly #fold: (name: string) => string
  readonly #dialect: Dialect
  readonly #byName = new Map<string, CatalogTable>()
  /** By names without regard to case, where only one table goes by such a name. */
  readonly #byFoldedName = new Map<string, CatalogTable | undefined>()
  readonly #inheritance: Inheritance
  readonly #known = new Map<CatalogTable, KnownTable>()
  readonly #alone = new Map<CatalogTable, KnownTable>()
  #types: ReadonlySet<string> | undefined
  readonly #underWay = new Set<CatalogTable>()

  constructor(catalog: Catalog, dialect: Dialect) {
    this.#catalog = catalog
    this.#dialect = dialect
    this.#fold = (name) => dialect.traits.fold(name)
    this.#inheritance = inheritanceOf(catalog)
    for (const table of catalog.tables) {
      this.#byName.set(this.#key(table.schema, table.name), table)
    }
    if (dialect.traits.foldTable === undefined) return
    for (const table of catalog.tables) {
      const key = this.#foldedKey(table.schema, table.name)
      this.#byFoldedName.set(key, this.#byFoldedName.has(key) ? undefined : table)
    }
  }

  /**
   * Finds a table by its name, in one schema or along the search path; `isOnly` leaves out the
   * tables that are parts of it.
   */
  find(
    schema: string | undefined,
    name: string,
    readView: ViewReader,
    isOnly = false,
  ): KnownTable | undefined {
    for (const each of schema === undefined ? this.#catalog.searchPath : [schema]) {
      // A server that tells case apart has no such table; for any other it is the only one.
      const table =
        this.#byName.get(this.#key(each, name)) ??
        this.#byFoldedName.get(this.#foldedKey(each, name))
      if (table !== undefined) return this.#know(table, readView, isOnly)
    }
    return undefined
  }

  /** Names of the columns of a table, in the order of the table. */
  columnsOf({ schema, name }: BaseTable): readonly string[] {
    const table = this.#byName.get(this.#key(schema, name))
    return (table?.columns ?? []).map((column) => column.name)
  }

  /** The column that tells the rows of a table apart, where a single one does. */
  keyOf({ schema, name }: BaseTable): string | undefined {
    const [key, second] = this.#byName.get(this.#key(schema, name))?.primaryKey ?? []
    return second === undefined ? key : undefined
  }

  /** The type of a column, as the engine spells it. */
  typeOf({ table, column }: Source): string | undefined {
    return this.#byName
      .get(this.#key(table.schema, table.name))
      ?.columns.find(({ name }) => name === column)?.type
  }

  /** Whether any column has the type, in whatever schema it is. */
  hasType(name: string): boolean {
    this.#types ??= new Set(
      this.#catalog.tables.flatMap(({ columns }) =>
        columns.map(({ type }) =>
          type
            .replace(/^.*\./, '')
            .replace(/[[(].*$/, '')
            .toLowerCase(),
        ),
      ),
    )
    return this.#types.has(name.toLowerCase())
  }

  /** All tables, by their names. */
  list(): readonly Pick<BaseTable, 'schema' | 'name'>[] {
    return this.#catalog.tables
  }

  #key(schema: string, name: string): string {
    const { fold, foldTable = fold } = this.#dialect.traits
    return tableKey(foldTable(schema), foldTable(name))
  }

  #foldedKey(schema: string, name: string): string {
    return tableKey(this.#fold(schema), this.#fold(name))
  }

  #know(table: CatalogTable, readView: ViewReader, isOnly: boolean): KnownTable {
    const cache = isOnly ? this.#alone : this.#known
    const known = cache.get(table)
    if (known !== undefined) return known
    const made = this.#make(table, readView, isOnly)
    cache.set(table, made)
    return made
  }

  #make(table: CatalogTable, readView: ViewReader, isOnly: boolean): KnownTable {
    const isView = table.kind === 'view'
    const base: BaseTable = {
      schema: table.schema,
      name: table.name,
      ...(isView ? { isView } : {}),
      ...(table.isFullText === true ? { isFullText: true } : {}),
    }
    const own = new Map(
      table.columns.map(({ name }): [string, Source] => [
        this.#fold(name),
        { table: base, column: name },
      ]),
    )
    let behind: readonly BaseTable[] = []
    let decisive: readonly Source[] = []
    let isOpaque = false
    let through: readonly (readonly Source[])[] = []
    if (isView) {
      const view = this.#read(table, readView)
      isOpaque = view === undefined
      behind = view?.tables ?? []
      decisive = view?.decisive ?? []
      through = view?.outcome.columns.map(({ sources }) => sources) ?? []
    } else if (!isOnly) {
      const parts = this.#inheritance.descendantsOf(base)
      behind = parts.map(({ schema, name }): BaseTable => ({ schema, name }))
      if (parts.length > 0) through = this.#columnsOfParts(table, parts)
    }

    const columns = table.columns.map((column, index): Column => {
      const key = this.#fold(column.name)
      const generated = (column.generatedFrom ?? []).map((name) => own.get(this.#fold(name)))
      const sources = [own.get(key), ...generated, ...(through[index] ?? [])].filter(
        (source) => source !== undefined,
      )
      return { key, name: column.name, sources }
    })
    const hidden = table.isFullText === true ? searchColumns(base, columns, this.#fold) : []
    return { base, columns, rowId: this.#rowId(table, columns), hidden, behind, decisive, isOpaque }
  }

  /** For each column of a table, the columns of the same name of the tables that are parts of it. */
  #columnsOfParts(
    { columns }: CatalogTable,
    parts: readonly CatalogTable[],
  ): readonly (readonly Source[])[] {
    const own = parts.map((part) => ({
      table: { schema: part.schema, name: part.name },
      byKey: new Map(part.columns.map((column) => [this.#fold(column.name), column])),
    }))
    return columns.map(({ name }) =>
      own.flatMap(({ table, byKey }) => {
        const column = byKey.get(this.#fold(name))
        if (column === undefined) return []
        const names = [column.name, ...(column.generatedFrom ?? [])]
        return names.map((each): Source => ({ table, column: each }))
      }),
    )
  }

  #read(table: CatalogTable, readView: ViewReader): ReturnType<ViewReader> {
    if (table.definition === undefined || this.#underWay.has(table)) return undefined
    this.#underWay.add(table)
    try {
      const view = readView(table.definition)
      const isWhole =
        view !== undefined &&
        view.outcome.rest === undefined &&
        view.outcome.columns.length === table.columns.length
      return isWhole ? view : undefined
    } finally {
      this.#underWay.delete(table)
    }
  }

  /** The row's identity: the key itself where it is a single integer column. */
  #rowId(table: CatalogTable, columns: readonly Column[]): Column | undefined {
    const [name] = this.#dialect.traits.rowIdNames
    if (name === undefined || table.kind === 'view') return undefined
    const [key] = table.primaryKey
    const column =
      key !== undefined && table.primaryKey.length === 1
        ? table.columns.findIndex((each) => this.#fold(each.name) === this.#fold(key))
        : -1
    const isInteger = table.columns[column]?.type.toLowerCase() === 'integer'
    return (isInteger ? columns[column] : undefined) ?? { key: name, name, sources: [] }
  }
}

/** Columns of a full-text table that stand for the search in it: both read all other columns. */
function searchColumns(
  table: BaseTable,
  columns: readonly Column[],
  fold: (name: string) => string,
): readonly Column[] {
  const searched = sourcesOf(columns)
  return [table.name, 'rank'].map((name) => ({
    key: fold(name),
    name,
    sources: [{ table, column: name }, ...searched],
  }))
}
