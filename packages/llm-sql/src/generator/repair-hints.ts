import type { FailureClass } from '../steps/repair/classify.ts'

/** What a model is told about a statement that could not be used, by what was wrong with it. */
export const repairHints: Readonly<Record<FailureClass, string>> = {
  'column-unknown':
    'A column does not exist in the table that it was asked of. Take every column from the schema, from the table that has it, and join that table.',
  'column-ambiguous': 'A column stands in several tables. Write the table before every column.',
  'table-unknown': 'A table does not exist. Use only the tables of the schema.',
  'table-missing': 'A table is used that stands in no FROM. Join it along a foreign key.',
  'function-unknown':
    'A function cannot be used. Use only plain aggregates and the common functions of this database.',
  'aggregate-misplaced':
    'An aggregate stands where none may. Put conditions on aggregates into HAVING, and do not nest aggregates.',
  'group-missing': 'Every column that is selected beside an aggregate must stand in GROUP BY.',
  'type-mismatch':
    'Values of different types were compared. Compare like with like, and cast where needed.',
  'syntax-invalid':
    'The statement could not be read. Write plain SQL of this database, one statement alone.',
  other: 'The previous statement could not be used. Write a better one that does without it.',
}
