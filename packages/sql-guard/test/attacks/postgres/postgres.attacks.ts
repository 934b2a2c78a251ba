import { type Attack, distinct } from '../attack.ts'
import { outerAttacks } from '../outer.ts'
import { actingAttacks } from './acting.ts'
import { partsAttacks, partsSchema } from './inheritance.ts'
import { readingAttacks } from './reading.ts'
import { systemColumns } from './system-columns.ts'

/** Texts that must not get through to PostgreSQL. */
export const postgresAttacks: readonly Attack[] = distinct([
  ...actingAttacks,
  ...readingAttacks,
  ...partsAttacks,
  ...systemColumns,
  ...outerAttacks([
    'unnest(ARRAY[1])',
    'unnest(ARRAY[1]) x',
    'generate_series(1, 1)',
    'generate_series(1, 1) x (n)',
    `json_each('{"a":1}')`,
  ]),
])

/** What the attacks need besides the tables. */
export const postgresExtras = `
  CREATE SEQUENCE numbers;
  CREATE PROCEDURE change_orders() LANGUAGE sql AS $$ UPDATE orders SET total = 0 $$;
  CREATE FUNCTION leak_secrets() RETURNS text LANGUAGE sql AS $$ SELECT value FROM secrets LIMIT 1 $$;
  CREATE FUNCTION leak_row(customers) RETURNS text LANGUAGE sql AS $$ SELECT $1.email $$;
  CREATE FUNCTION leak_pair(integer, integer) RETURNS text LANGUAGE sql AS $$ SELECT value FROM secrets LIMIT 1 $$;
  CREATE OPERATOR <<<>>> (FUNCTION = leak_pair, LEFTARG = integer, RIGHTARG = integer);
  CREATE TEXT SEARCH CONFIGURATION hidden_words (COPY = simple);
  CREATE COLLATION hidden_order (LOCALE = 'C');
  CREATE MATERIALIZED VIEW stored AS SELECT 1 AS a;
  ${partsSchema}`
