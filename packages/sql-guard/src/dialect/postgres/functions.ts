/**
 * Functions of PostgreSQL 13 to 18 that only compute from their arguments. What can read a table,
 * a file, a setting or the catalog, run SQL from a text, change state or wait is not here; neither is
 * `pg_typeof`, since the engine looks up every text that is put together with what it gives.
 */
export const safeFunctions: ReadonlySet<string> = new Set(
  `
  abs acos acosd acosh asin asind asinh atan atan2 atan2d atand atanh cbrt ceil ceiling cos cosd cosh
  cot cotd degrees div erf erfc exp factorial floor gamma gcd lgamma lcm ln log log10 min_scale mod pi
  pow power radians random random_normal round scale sign sin sind sinh sqrt tan tand tanh trim_scale
  trunc width_bucket

  any_value array_agg avg bit_and bit_or bit_xor bool_and bool_or corr count covar_pop covar_samp every
  grouping json_agg json_agg_strict json_arrayagg json_object_agg json_object_agg_strict
  json_object_agg_unique json_object_agg_unique_strict json_objectagg jsonb_agg jsonb_agg_strict
  jsonb_object_agg jsonb_object_agg_strict jsonb_object_agg_unique jsonb_object_agg_unique_strict
  max min mode percentile_cont percentile_disc range_agg range_intersect_agg regr_avgx regr_avgy
  regr_count regr_intercept regr_r2 regr_slope regr_sxx regr_sxy regr_syy stddev stddev_pop stddev_samp
  string_agg sum var_pop var_samp variance xmlagg

  cume_dist dense_rank first_value lag last_value lead nth_value ntile percent_rank rank row_number

  ascii bit_count bit_length btrim casefold char_length character_length chr concat concat_ws convert
  convert_from convert_to crc32 crc32c decode encode format get_bit get_byte initcap is_normalized left
  length like_escape lower lpad ltrim md5 normalize octet_length overlay parse_ident position quote_ident
  quote_literal quote_nullable regexp_count regexp_instr regexp_like regexp_match regexp_matches
  regexp_replace regexp_split_to_array regexp_split_to_table regexp_substr repeat replace reverse right rpad
  rtrim set_bit set_byte sha224 sha256 sha384 sha512 similar_escape similar_to_escape split_part
  starts_with string_to_array string_to_table strpos substr substring text textlen to_ascii to_bin to_hex
  to_oct translate trim unistr upper

  age clock_timestamp date date_add date_bin date_part date_subtract date_trunc extract isfinite
  justify_days justify_hours justify_interval make_date make_interval make_time make_timestamp
  make_timestamptz now overlaps statement_timestamp time timeofday timestamp timestamptz timezone to_char
  to_date to_number to_timestamp transaction_timestamp
  current_date current_time current_timestamp localtime localtimestamp

  array_append array_cat array_dims array_fill array_length array_lower array_ndims array_position
  array_positions array_prepend array_remove array_replace array_reverse array_sample array_shuffle
  array_sort array_to_json array_to_string array_upper cardinality generate_series generate_subscripts
  trim_array unnest

  json json_array json_array_elements json_array_elements_text json_array_length json_build_array
  json_build_object json_each json_each_text json_exists json_extract_path json_extract_path_text
  json_object json_object_keys json_query json_scalar json_serialize json_strip_nulls json_table json_to_record
  json_to_recordset json_typeof json_value jsonb_array_elements jsonb_array_elements_text
  jsonb_array_length jsonb_build_array jsonb_build_object jsonb_each jsonb_each_text jsonb_extract_path
  jsonb_extract_path_text jsonb_insert jsonb_object jsonb_object_keys jsonb_path_exists
  jsonb_path_exists_tz jsonb_path_match jsonb_path_match_tz jsonb_path_query jsonb_path_query_array
  jsonb_path_query_array_tz jsonb_path_query_first jsonb_path_query_first_tz jsonb_path_query_tz
  jsonb_pretty jsonb_set jsonb_set_lax jsonb_strip_nulls jsonb_to_record jsonb_to_recordset jsonb_typeof
  row_to_json to_json to_jsonb

  daterange datemultirange int4multirange int4range int8multirange int8range isempty lower_inc lower_inf
  multirange nummultirange numrange range_merge tsmultirange tsrange tstzmultirange tstzrange upper_inc
  upper_inf

  area box center circle diagonal diameter height isclosed ishorizontal isopen isparallel isperp
  isvertical line lseg npoints path pclose point polygon popen radius slope width

  abbrev broadcast family host hostmask inet_merge inet_same_family masklen netmask network
  set_masklen

  array_to_tsvector json_to_tsvector jsonb_to_tsvector numnode phraseto_tsquery plainto_tsquery querytree setweight strip to_tsquery
  to_tsvector ts_delete ts_filter ts_headline ts_rank ts_rank_cd tsquery_phrase tsvector_to_array
  websearch_to_tsquery

  gen_random_uuid uuidv4 uuidv7 uuid_extract_timestamp uuid_extract_version num_nonnulls num_nulls
  pg_size_bytes pg_size_pretty

  bool bpchar float4 float8 int2 int4 int8 interval numeric varchar

  xmlcomment xmlconcat xmlelement xmlexists xmlforest xmlparse xmlpi xmlroot xmlserialize xmltable xmltext
  xml_is_well_formed xml_is_well_formed_content xml_is_well_formed_document xpath xpath_exists document
  `
    .trim()
    .split(/\s+/),
)

/** Operators that PostgreSQL itself defines; all of them only compute from their operands. */
export const safeOperators: ReadonlySet<string> = new Set(
  `!! !~ !~* !~~ !~~* # ## #- #> #>> % & && &< &<| &> * *< *<= *<> *= *> *>= + - -> ->> -|- / < <-> <<
  <<= <<| <= <> <@ <^ = > >= >> >>= >^ ? ?# ?& ?- ?-| ?| ?|| @ @-@ @> @? @@ @@@ ^ ^@ | |&> |/ |>> ||
  ||/ ~ ~* ~<=~ ~<~ ~= ~>=~ ~>~ ~~ ~~* != |@>`
    .trim()
    .split(/\s+/),
)

/** Types whose input looks names up in the catalog, or whose output would. */
export const refusedTypes: ReadonlySet<string> = new Set(
  `regclass regcollation regconfig regdictionary regnamespace regoper regoperator regproc regprocedure
  regrole regtype regdatabase aclitem refcursor pg_node_tree pg_snapshot txid_snapshot`
    .trim()
    .split(/\s+/),
)

/** What functions in `FROM` call their columns. */
export const functionColumns: ReadonlyMap<string, readonly string[]> = new Map([
  ['json_each', ['key', 'value']],
  ['json_each_text', ['key', 'value']],
  ['jsonb_each', ['key', 'value']],
  ['jsonb_each_text', ['key', 'value']],
  ['json_array_elements', ['value']],
  ['json_array_elements_text', ['value']],
  ['jsonb_array_elements', ['value']],
  ['jsonb_array_elements_text', ['value']],
])

/** Functions that take a row: `u.row_to_json` calls one, and looks like a column. */
export const rowFunctions: ReadonlySet<string> = new Set(
  `any_out any_value anycompatible_out anycompatiblenonarray_out anyelement_out anynonarray_out array_agg
  concat count first_value format hash_record hstore json_agg json_agg_strict json_build_array
  json_build_object jsonb_agg jsonb_agg_strict jsonb_build_array jsonb_build_object lag last_value lead max
  min mode num_nonnulls num_nulls pg_collation_for pg_column_compression pg_column_size pg_typeof
  quote_literal quote_nullable record_out record_send row_to_json to_json to_jsonb`
    .trim()
    .split(/\s+/),
)

/** Types of PostgreSQL itself whose input and output only look at the value. */
export const safeTypes: ReadonlySet<string> = new Set(
  `bit bool boolean box bpchar bytea char cid cidr circle date datemultirange daterange float4 float8 inet int2
  int2vector int4 int4multirange int4range int8 int8multirange int8range integer interval json jsonb jsonpath
  line lseg macaddr macaddr8 money name numeric nummultirange numrange oid path pg_lsn point polygon text tid
  time timestamp timestamptz timetz tsmultirange tsquery tsrange tstzmultirange tstzrange tsvector uuid varbit
  varchar xid xid8 xml record unknown anyelement bigint smallint decimal real`
    .trim()
    .split(/\s+/),
)
