/** The engines whose SQL the grammar can write. */
export type Flavour = 'postgres' | 'sqlite' | 'mariadb' | 'clickhouse'

/** What a value is: the grammar keeps to types where the engine does. */
export type Kind = 'number' | 'text'

export interface Column {
  readonly name: string
  readonly kind: Kind
}

/** Something in `FROM`, as far as the grammar keeps track of it. */
export interface Relation {
  readonly alias: string
  readonly columns: readonly Column[]
}

/** Columns that the fuzzing knows by name, with what they hold. */
function columns(numbers: string, texts: string): readonly Column[] {
  const list = (names: string, kind: Kind): Column[] =>
    names
      .split(' ')
      .filter((name) => name !== '')
      .map((name) => ({ name, kind }))
  return [...list(numbers, 'number'), ...list(texts, 'text')]
}

/** Tables that are parts of others, or have parts; with hidden ones and hidden columns. */
const openParts: readonly Relation[] = [
  { alias: 'staff', columns: columns('id', 'name') },
  { alias: 'managers', columns: columns('id bonus', 'name') },
  { alias: 'chiefs', columns: columns('id bonus', 'name') },
]

const hiddenParts: readonly Relation[] = [
  { alias: 'staff', columns: columns('id', 'email name') },
  { alias: 'managers', columns: columns('id', 'email name') },
  { alias: 'chiefs', columns: columns('id', 'email name') },
  { alias: 'visits_1', columns: columns('id', 'place') },
  { alias: 'reports', columns: columns('id', 'body') },
  { alias: 'private_reports', columns: columns('id', 'body reader') },
  { alias: 'all_reports', columns: columns('id', 'body') },
  { alias: 'open_reports', columns: columns('id', 'body') },
]

/** Tables that most texts read. */
export function tablesOf(flavour: Flavour, isBold: boolean): readonly Relation[] {
  const [own, parts] = isBold ? [hiddenTables, hiddenParts] : [openTables, openParts]
  if (flavour === 'clickhouse') return [...own, ...plainTables]
  return flavour === 'postgres' ? [...own, ...parts] : own
}

/** A table without secrets whose columns are called like hidden ones. */
const plainTables: readonly Relation[] = [
  { alias: 'plain', columns: columns('id', 'email value') },
  { alias: 'plain', columns: columns('id', 'email value') },
]

/** Expressions that `WITH` may name in ClickHouse, and their names. */
export const named: readonly (readonly [string, string])[] = [
  ['name', 'e'],
  ['lower(email)', 'e'],
  ['email', 'value'],
  ['(id, email).2', 'w9'],
  ['id + 1', 'w9'],
  ['x -> concat(x, email)', 'lower'],
  ['(SELECT max(email) FROM plain)', 'e'],
]

/** Tables and views that any policy of the run permits, without their hidden columns. */
const openTables: readonly Relation[] = [
  { alias: 'customers', columns: columns('id', 'name country') },
  { alias: 'orders', columns: columns('id customer_id total', '') },
  { alias: 'customers', columns: columns('id', 'name country') },
  { alias: 'orders', columns: columns('id customer_id total', '') },
  { alias: 'customer_emails', columns: columns('id', '') },
  { alias: 'customer_names', columns: columns('id', 'label') },
  { alias: 'country_totals', columns: columns('total', 'country') },
]

/** Tables and views that hide something. */
const hiddenTables: readonly Relation[] = [
  { alias: 'secrets', columns: columns('id', 'value') },
  { alias: 'secret_values', columns: columns('id', 'content') },
  { alias: 'customer_emails', columns: columns('id', 'address') },
  { alias: 'ada_customers', columns: columns('id', 'name') },
  { alias: 'first_customer', columns: columns('id', 'name') },
  { alias: 'address_groups', columns: columns('n id', '') },
  { alias: 'ada_orders', columns: columns('id total', '') },
  { alias: 'secret_orders', columns: columns('id total', '') },
  { alias: 'customers', columns: columns('id', 'email name email_upper') },
]

/** Names that mean something else at another place. */
export const confusing: readonly string[] =
  `email email_upper address content value name id total country customer_id label customers orders secrets
  c o s x w v n a email_groups rowid _rowid_ oid ctid tableoid xmin row_to_json count text ssn Email "email"
  "Email" column1 excluded new old public main attacked generate_series unnest json_each json key`
    .trim()
    .split(/\s+/)

export const aliases: readonly string[] = ['c', 'o', 's', 'x', 'y', 'w', 'n', 'a']

export const texts: readonly string[] = [
  `'ada@canary'`,
  `'bo@canary'`,
  `'canary'`,
  `'zebra'`,
  `'a'`,
  `'UK'`,
  `'SE'`,
  `'Ada'`,
  `''`,
  `'%a%'`,
  'NULL',
]

export const numbers: readonly string[] = ['0', '1', '2', '3', '1', '2', '5', '10', '-1', '1003']

/** Columns of texts. */
export function columnsOf(...names: readonly string[]): readonly Column[] {
  return names.map((name) => ({ name, kind: 'text' }))
}
