import { DatabaseSync } from 'node:sqlite'
import type { Catalog, CatalogTable } from '@t2t/sql-guard'
import { rowsOf } from './shop.ts'

const script = `
  CREATE TABLE ports (port_id integer PRIMARY KEY, port_name text NOT NULL, nation text NOT NULL, depth real NOT NULL);
  CREATE TABLE captains (captain_id integer PRIMARY KEY, first_name text NOT NULL, last_name text NOT NULL,
    birth_year integer NOT NULL, salary real NOT NULL);
  CREATE TABLE ships (ship_id integer PRIMARY KEY, ship_name text NOT NULL, flag text NOT NULL, length real NOT NULL,
    bunk_count integer NOT NULL, built_year integer NOT NULL, captain_id integer NOT NULL REFERENCES captains (captain_id));
  CREATE TABLE harbour_calls (call_id integer PRIMARY KEY, ship_id integer NOT NULL REFERENCES ships (ship_id),
    port_id integer NOT NULL REFERENCES ports (port_id), arrived_on date NOT NULL, fee real NOT NULL);
  INSERT INTO ports VALUES (1, 'Grauwyk', 'Norland', 12), (2, 'Belmare', 'Sudria', 18), (3, 'Tarn', 'Norland', 9);
  INSERT INTO captains VALUES (1, 'Ada', 'Moss', 1970, 5200), (2, 'Bram', 'Voss', 1985, 4100), (3, 'Cleo', 'Finn', 1962, 6100);
  INSERT INTO ships VALUES (1, 'Heron', 'blue', 80, 12, 1999, 1), (2, 'Egret', 'red', 120, 30, 2008, 2),
    (3, 'Plover', 'blue', 60, 8, 1987, 3), (4, 'Curlew', 'red', 95, 14, 2015, 1);
  INSERT INTO harbour_calls VALUES (1, 1, 1, '2024-01-10', 300), (2, 1, 2, '2024-02-11', 500), (3, 2, 2, '2024-03-02', 900),
    (4, 3, 1, '2023-07-15', 150), (5, 1, 1, '2024-05-01', 320), (6, 2, 1, '2023-12-30', 700);
`

/** A small harbour in memory. */
export function openHarbour(): DatabaseSync {
  const database = new DatabaseSync(':memory:')
  database.exec(script)
  return database
}

/** What the harbour contains; with all values of its texts. */
export function harbourCatalog(database: DatabaseSync): Catalog {
  const names = rowsOf(
    database,
    "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY rowid",
  )
  return {
    dialect: 'sqlite',
    version: '1',
    searchPath: ['main'],
    tables: names.map(([name]) => tableOf(database, String(name))),
  }
}

function tableOf(database: DatabaseSync, name: string): CatalogTable {
  const columns = database.prepare('SELECT * FROM pragma_table_info(?)').all(name)
  const keys = database.prepare('SELECT * FROM pragma_foreign_key_list(?)').all(name)
  return {
    schema: 'main',
    name,
    kind: 'table',
    primaryKey: columns.flatMap((column) => (column['pk'] === 1 ? [String(column['name'])] : [])),
    columns: columns.map((column) => ({
      name: String(column['name']),
      type: String(column['type']),
      isNullable: false,
      sampleValues:
        column['type'] === 'text' || column['type'] === 'TEXT'
          ? rowsOf(database, `SELECT DISTINCT "${String(column['name'])}" FROM ${name}`).map(
              ([value]) => String(value),
            )
          : undefined,
    })),
    foreignKeys: keys.map((key) => ({
      columns: [String(key['from'])],
      references: { schema: 'main', table: String(key['table']), columns: [String(key['to'])] },
    })),
  }
}
