import pg from 'pg'

/** The server on loopback that the tests of engines talk to. */
export const serverUrl = 'postgres://postgres@127.0.0.1:5432/'

export async function asSuperuser<Value>(
  database: string,
  body: (client: pg.Client) => Promise<Value>,
): Promise<Value> {
  const client = new pg.Client(`${serverUrl}${database}`)
  await client.connect()
  try {
    return await body(client)
  } finally {
    await client.end()
  }
}

/** Creates a database in which statements were run. */
export async function createDatabaseWith(
  name: string,
  statements: readonly string[],
): Promise<void> {
  await dropDatabase(name)
  await asSuperuser('postgres', (client) => client.query(`CREATE DATABASE ${name}`))
  await asSuperuser(name, async (client) => {
    for (const statement of statements) await client.query(statement)
  })
}

export async function dropDatabase(name: string): Promise<void> {
  await asSuperuser('postgres', (client) =>
    client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  )
}
