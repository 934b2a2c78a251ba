/** Words that are no names where they stand without a qualifier. */
export const keywords: ReadonlySet<string> = new Set(
  'select from where group by having order limit offset fetch union intersect except all distinct as on using join inner left right full outer cross natural and or not in is null like ilike glob between exists case when then else end asc desc nulls first last cast with recursive true false unknown current_date current_time current_timestamp interval over partition rows range preceding following unbounded row only filter escape collate any some values top similar'.split(
    ' ',
  ),
)
