import type { Catalog, CatalogTable } from '../../catalog/catalog.ts'
import type { Dialect } from '../../dialect/dialect.ts'
import type { BaseTable, Column, Outcome, Source } from '../relation.ts'

/** A table of the catalog, ready for resolution. */
export interface KnownTable {
  readonly base: BaseTable
  readonly columns: readonly Column[]
  /** The column that the row's identity stands for. */
  readonly rowId: Column | undefined
  /** Base tables behind a view; empty for a table. */
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
  readonly #known = new Map<CatalogTable, KnownTable>()
  #types: ReadonlySet<string> | undefined
  readonly #underWay = new Set<CatalogTable>()

  constructor(catalog: Catalog, dialect: Dialect) {
    this.#catalog = catalog
    this.#dialect = dialect
    this.#fold = (name) => dialect.traits.fold(name)
    for (const table of catalog.tables) {
      this.#byName.set(this.#key(table.schema, table.name), table)
    }
  }

  /** Finds a table by its name, in one schema or along the search path. */
  find(schema: string | undefined, name: string, readView: ViewReader): KnownTable | undefined {
    for (const each of schema === undefined ? this.#catalog.searchPath : [schema]) {
      const table = this.#byName.get(this.#key(each, name))
      if (table !== undefined) return this.#know(table, readView)
    }
    return undefined
  }

  /** Names of the columns of a table, in the order of the table. */
  columnsOf({ schema, name }: BaseTable): readonly string[] {
    const table = this.#byName.get(this.#key(schema, name))
    return (table?.columns ?? []).map((column) => column.name)
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
  list(): readonly BaseTable[] {
    return this.#catalog.tables
  }

  #key(schema: string, name: string): string {
    return `${this.#fold(schema)}.${this.#fold(name)}`
  }

  #know(table: CatalogTable, readView: ViewReader): KnownTable {
    const known = this.#known.get(table)
    if (known !== undefined) return known
    const made = this.#make(table, readView)
    this.#known.set(table, made)
    return made
  }

  #make(table: CatalogTable, readView: ViewReader): KnownTable {
    const base: BaseTable = { schema: table.schema, name: table.name }
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
    if (table.kind === 'view') {
      const view = this.#read(table, readView)
      isOpaque = view === undefined
      behind = view?.tables ?? []
      decisive = view?.decisive ?? []
      through = view?.outcome.columns.map(({ sources }) => sources) ?? []
    }

    const columns = table.columns.map((column, index): Column => {
      const key = this.#fold(column.name)
      const generated = (column.generatedFrom ?? []).map((name) => own.get(this.#fold(name)))
      const sources = [own.get(key), ...generated, ...(through[index] ?? [])].filter(
        (source) => source !== undefined,
      )
      return { key, name: column.name, sources }
    })
    return { base, columns, rowId: this.#rowId(table, columns), behind, decisive, isOpaque }
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
