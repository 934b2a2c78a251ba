/** The demo's tables; `money` is the only type that the engines spell differently. */
export function schemaSql(money: 'REAL' | 'numeric(10,2)'): readonly string[] {
  return [
    `CREATE TABLE customers (
       id integer PRIMARY KEY, name text NOT NULL, email text NOT NULL, city text NOT NULL,
       country text NOT NULL, signed_up_on date NOT NULL)`,
    `CREATE TABLE stores (id integer PRIMARY KEY, name text NOT NULL, city text NOT NULL)`,
    `CREATE TABLE products (
       id integer PRIMARY KEY, name text NOT NULL, category text NOT NULL, unit_price ${money} NOT NULL)`,
    `CREATE TABLE orders (
       id integer PRIMARY KEY,
       customer_id integer NOT NULL REFERENCES customers (id),
       store_id integer NOT NULL REFERENCES stores (id),
       status text NOT NULL, ordered_at timestamp NOT NULL)`,
    `CREATE TABLE order_lines (
       id integer PRIMARY KEY,
       order_id integer NOT NULL REFERENCES orders (id),
       product_id integer NOT NULL REFERENCES products (id),
       quantity integer NOT NULL, unit_price ${money} NOT NULL)`,
    `CREATE TABLE returns (
       id integer PRIMARY KEY,
       order_line_id integer NOT NULL REFERENCES order_lines (id),
       reason text NOT NULL, returned_at timestamp NOT NULL)`,
  ]
}

/** Indexes that the demo's questions use, made after loading. */
export const indexSql: readonly string[] = [
  'CREATE INDEX orders_ordered_at ON orders (ordered_at)',
  'CREATE INDEX order_lines_order_id ON order_lines (order_id)',
  'CREATE INDEX order_lines_product_id ON order_lines (product_id)',
]
