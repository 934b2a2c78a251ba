/** Functions of SQLite that only compute from their arguments. */
export const safeFunctions: ReadonlySet<string> = new Set(
  `
  abs acos acosh asin asinh atan atan2 atanh ceil ceiling cos cosh degrees exp floor ln log log10 log2 max
  min mod pi pow power radians random round sign sin sinh sqrt tan tanh trunc

  avg count group_concat median percentile percentile_cont percentile_disc string_agg sum total
  json_group_array json_group_object jsonb_group_array jsonb_group_object

  cume_dist dense_rank first_value lag last_value lead nth_value ntile percent_rank rank row_number

  char concat concat_ws format glob hex instr length like lower ltrim octet_length printf quote replace
  rtrim soundex substr substring trim typeof unhex unicode unistr unistr_quote upper

  coalesce if ifnull iif likelihood likely nullif unlikely

  current_date current_time current_timestamp date datetime julianday strftime time timediff unixepoch

  json json_array json_array_insert json_array_length json_each json_error_position json_extract json_insert
  json_object json_patch json_pretty json_quote json_remove json_replace json_set json_tree json_type
  json_valid jsonb jsonb_array jsonb_array_insert jsonb_each jsonb_extract jsonb_insert jsonb_object
  jsonb_patch jsonb_remove jsonb_replace jsonb_set jsonb_tree

  bm25 highlight match snippet
  `
    .trim()
    .split(/\s+/),
)

/** Functions of full-text tables. They take the table itself, and read any of its columns. */
export const searchFunctions: ReadonlySet<string> = new Set([
  'bm25',
  'highlight',
  'match',
  'snippet',
])

const jsonColumns = ['key', 'value', 'type', 'atom', 'id', 'parent', 'fullkey', 'path']

/** What table-valued functions call their columns. */
export const functionColumns: ReadonlyMap<string, readonly string[]> = new Map([
  ['json_each', jsonColumns],
  ['json_tree', jsonColumns],
  ['jsonb_each', jsonColumns],
  ['jsonb_tree', jsonColumns],
])
