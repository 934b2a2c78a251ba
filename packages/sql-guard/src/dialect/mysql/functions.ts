/** Functions of MySQL 8 and MariaDB that only compute from their arguments. */
export const safeFunctions: ReadonlySet<string> = new Set(
  `
  abs acos asin atan atan2 ceil ceiling cos cot crc32 degrees exp floor ln log log10 log2 mod pi pow power
  radians rand round sign sin sqrt tan truncate greatest least conv format

  any_value avg bit_and bit_or bit_xor count group_concat json_arrayagg json_objectagg max median min
  percentile_cont percentile_disc std stddev stddev_pop stddev_samp sum var_pop var_samp variance grouping

  cume_dist dense_rank first_value lag last_value lead nth_value ntile percent_rank rank row_number

  ascii bin bit_length char char_length character_length chr concat concat_ws elt export_set field find_in_set
  from_base64 hex insert instr lcase left length locate lower lpad ltrim make_set mid natural_sort_key
  octet_length oct ord position quote repeat regexp_instr regexp_like regexp_replace regexp_substr replace reverse
  right rpad rtrim sformat soundex space strcmp substr substring substring_index to_base64 to_char trim
  translate ucase unhex upper weight_string like convert

  adddate addtime convert_tz curdate current_date current_time current_timestamp curtime date date_add
  date_format date_sub datediff day dayname dayofmonth dayofweek dayofyear extract from_days from_unixtime
  get_format hour last_day localtime localtimestamp makedate maketime microsecond minute month monthname
  months_between now period_add period_diff quarter sec_to_time second str_to_date subdate subtime sysdate
  time time_format time_to_sec timediff timestamp timestampadd timestampdiff to_days to_seconds unix_timestamp
  utc_date utc_time utc_timestamp week weekday weekofyear year yearweek

  cast coalesce if ifnull isnull nullif nvl nvl2 interval inet_aton inet_ntoa inet6_aton inet6_ntoa is_ipv4 is_ipv6
  md5 sha sha1 sha2 uuid match row binary extractvalue updatexml

  json_table json_array json_array_append json_array_insert json_contains json_contains_path json_depth json_detailed
  json_equals json_exists json_extract json_insert json_keys json_length json_merge json_merge_patch json_merge_preserve
  json_object json_overlaps json_pretty json_query json_quote json_remove json_replace json_search json_set
  json_type json_unquote json_valid json_value

  astext geomfromtext st_area st_asgeojson st_astext st_contains st_distance st_distance_sphere st_geomfromgeojson st_geomfromtext st_intersects
  st_within st_x st_y point
  `
    .trim()
    .split(/\s+/),
)
