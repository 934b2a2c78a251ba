import type { Place } from './attack.ts'

/**
 * Places in a statement that any engine of ours has. Each answer depends on the expression, both
 * when it is the same for all rows and when it differs by customer.
 */
export const commonPlaces: readonly Place[] = [
  (one) => `SELECT ${one} FROM customers c ORDER BY c.id`,
  (one) => `SELECT c.id, coalesce(nullif(${one}, 2), 0) AS flag FROM customers c ORDER BY c.id`,
  (one) => `SELECT abs(${one}) FROM customers c ORDER BY c.id`,
  (one) => `SELECT CAST(${one} AS char(3)) FROM customers c ORDER BY c.id`,
  (one) => `SELECT -${one} + 5 * c.id FROM customers c ORDER BY 1`,
  (one) => `SELECT c.id FROM customers c WHERE ${one} = 1 ORDER BY c.id`,
  (one) => `SELECT c.id FROM customers c WHERE NOT (${one} IN (2, 3)) ORDER BY c.id`,
  (one) => `SELECT c.id FROM customers c WHERE ${one} BETWEEN 0 AND 1 ORDER BY c.id`,
  (one) => `SELECT c.id FROM customers c WHERE 1 = 1 AND (c.id = 99 OR ${one} < 2) ORDER BY c.id`,
  (one) => `SELECT c.id FROM customers c WHERE nullif(${one}, 1) IS NULL ORDER BY c.id`,
  (one) =>
    `SELECT c.id FROM customers c WHERE c.id IN (SELECT o.id * ${one} FROM orders o) ORDER BY c.id`,
  (one) =>
    `SELECT c.id FROM customers c WHERE EXISTS (SELECT 1 FROM orders o WHERE o.id = c.id AND ${one} = 1) ORDER BY c.id`,
  (one) =>
    `SELECT c.id FROM customers c WHERE (1, c.id) IN (SELECT ${one}, o.id FROM orders o) ORDER BY c.id`,
  (one) => `SELECT c.id FROM customers c ORDER BY (${one} - 1.5) * c.id DESC, c.id`,
  (one) => `SELECT sum(c.id) FROM customers c GROUP BY (${one} * c.id) % 2 ORDER BY 1`,
  (one) =>
    `SELECT c.country, sum(c.id) FROM customers c GROUP BY c.country HAVING sum(${one} * c.id) > 6 ORDER BY 1`,
  (one) => `SELECT sum(c.id * ${one}) FROM customers c`,
  (one) => `SELECT max(CASE WHEN ${one} = 1 THEN c.id ELSE -c.id END) FROM customers c`,
  (one) => `SELECT count(DISTINCT c.id * ${one}), sum(c.id * ${one}) FROM customers c`,
  (one) => `SELECT o.id FROM orders o JOIN customers c ON c.id = o.id AND ${one} = 1 ORDER BY o.id`,
  (one) =>
    `SELECT c.id, o.id FROM customers c LEFT JOIN orders o ON o.id = c.id * ${one} ORDER BY 1, 2`,
  (one) =>
    `SELECT c.id, sum(c.id) OVER (PARTITION BY (${one} * c.id) % 2) FROM customers c ORDER BY 1`,
  (one) =>
    `SELECT c.id, row_number() OVER (ORDER BY (${one} - 1.5) * c.id) FROM customers c ORDER BY 1`,
  (one) =>
    `SELECT c.id, sum(c.id * ${one}) OVER w FROM customers c WINDOW w AS (ORDER BY c.id) ORDER BY 1`,
  (one) =>
    `SELECT c.id, rank() OVER w FROM customers c WINDOW w AS (ORDER BY (${one} - 1.5) * c.id) ORDER BY 1`,
  (one) => `SELECT c.id, lag(${one}) OVER (ORDER BY c.id) FROM customers c ORDER BY 1`,
  (one) => `SELECT x.n FROM (SELECT c.id * ${one} AS n FROM customers c) AS x ORDER BY 1`,
  (one) =>
    `SELECT x.a FROM (SELECT y.b AS a FROM (SELECT c.id * ${one} AS b FROM customers c) AS y) AS x ORDER BY 1`,
  (one) => `WITH w AS (SELECT c.id * ${one} AS n FROM customers c) SELECT n FROM w ORDER BY 1`,
  (one) =>
    `WITH w (n) AS (SELECT c.id * ${one} FROM customers c), v (m) AS (SELECT n + 1 FROM w) SELECT m FROM v ORDER BY 1`,
  (one) =>
    `WITH RECURSIVE r (n) AS (SELECT 1 UNION ALL SELECT r.n + ${one} FROM r JOIN customers c ON c.id = r.n WHERE r.n < 4) SELECT n FROM r ORDER BY 1`,
  (one) =>
    `SELECT c.id FROM customers c UNION ALL SELECT c.id * ${one} FROM customers c ORDER BY 1`,
  (one) => `SELECT c.id FROM customers c EXCEPT SELECT c.id * ${one} FROM customers c ORDER BY 1`,
  (one) =>
    `SELECT c.id FROM customers c INTERSECT SELECT c.id * ${one} FROM customers c ORDER BY 1`,
  (one) => `SELECT DISTINCT c.id * ${one} FROM customers c ORDER BY 1`,
  (one) =>
    `SELECT (SELECT sum(o.id) FROM orders o WHERE o.id <= ${one}) FROM customers c ORDER BY c.id`,
]

/** Places that work with an expression that is the same for all rows only. */
export const constantPlaces: readonly Place[] = [
  (one) => `SELECT c.id FROM customers c ORDER BY c.id LIMIT (SELECT ${one})`,
  (one) => `SELECT c.id FROM customers c ORDER BY c.id LIMIT 1 OFFSET (SELECT ${one})`,
  (one) => `SELECT * FROM (VALUES (${one})) AS v`,
]
