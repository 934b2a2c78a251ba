import { isDatabaseError } from '@t2t/database'
import { clickhouse } from '@t2t/database/clickhouse'
import { createServer, type RequestListener } from 'node:http'
import { once } from 'node:events'
import { describe, expect, it } from 'vitest'

const calm = new AbortController().signal
const caps = { maxRows: 10, maxBytes: 10_000, timeoutMs: 60_000 }

/** Runs with a server of our own, which answers whatever a test says. */
async function withServer<Value>(
  listener: RequestListener,
  body: (url: string) => Promise<Value>,
): Promise<Value> {
  const server = createServer(listener)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  try {
    return await body(`http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`)
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

async function outcomeOf(url: string, sql = 'SELECT 1'): Promise<unknown> {
  const engine = clickhouse({ url, database: 'shop' })
  const outcome = await engine.read(sql, caps, calm).then(
    ({ rows }) => rows,
    (error: unknown) => (isDatabaseError(error) ? `${error.code}: ${error.message}` : error),
  )
  await engine.close()
  return outcome
}

/** Answers the question about the profile with a value, and any other with a text. */
function answering(profile: string, answer: string, asked: URL[] = []): RequestListener {
  return (request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1')
    let sql = ''
    request.on('data', (chunk) => (sql += String(chunk)))
    request.on('end', () => {
      if (sql.includes('system.settings')) response.end(`${profile}\n`)
      else if (sql.includes('system.processes')) response.end('0\n')
      else {
        asked.push(url)
        response.end(answer)
      }
    })
  }
}

describe('the engine of ClickHouse', () => {
  it('makes a session that only reads, unless the profile does', async () => {
    const asked: URL[] = []
    const answer = '["n"]\n["UInt8"]\n[1]\n'

    const free = await withServer(answering('0', answer, asked), (url) => outcomeOf(url))
    const bound = await withServer(answering('2', answer, asked), (url) => outcomeOf(url))
    const strict = await withServer(answering('1', answer, asked), (url) => outcomeOf(url))

    expect([free, bound]).toEqual([[[1]], [[1]]])
    expect(strict).toMatch(/^DATABASE_ENGINE_UNSUPPORTED: .*readonly = 1/)
    expect(asked.map(({ searchParams }) => searchParams.get('readonly'))).toEqual(['1', null])
    expect(asked[0]?.searchParams.get('max_execution_time')).toBe('61')
    expect(asked[0]?.searchParams.get('prefer_column_name_to_alias')).toBe('0')
  })

  it('lets a caller go from a server that does not answer', async () => {
    const controller = new AbortController()
    const reason = new Error('enough')
    const asked = Promise.withResolvers<void>()

    const failure = await withServer(
      () => asked.resolve(),
      async (url) => {
        const engine = clickhouse({ url, database: 'shop' })
        const reading = engine.read('SELECT 1', caps, controller.signal).catch((e: unknown) => e)
        await asked.promise
        controller.abort(reason)
        const outcome = await reading
        await engine.close()
        return outcome
      },
    )

    expect(failure).toBe(reason)
  })

  it('fails where the server fails while it sends rows', async () => {
    const answer =
      '["n"]\n["UInt8"]\n[1]\n{"exception": "Code: 241. DB::Exception: Memory limit of secret exceeded"}\n'

    const failure = await withServer(answering('0', answer), (url) => outcomeOf(url))

    expect(failure).toBe(
      'DATABASE_QUERY_FAILED: ClickHouse: the statement needs too much memory (241).',
    )
  })

  it('keeps integers, decimals and texts inside of lists, tuples and maps exact', async () => {
    const types = [
      'Array(Nullable(UInt64))',
      'Tuple(a Int64, `b, c` Array(Decimal(5, 2)))',
      "Map(String, Enum8('x(' = 1, 'y,' = 2))",
      'Nullable(Float64)',
      'SimpleAggregateFunction(sum, UInt64)',
    ]
    const values = '[["1",null,"9007199254740993"],{"a":"5","b, c":["1.50"]},{"k":"x("},"inf","7"]'
    const answer = `["a","b","c","d","e"]\n${JSON.stringify(types)}\n${values}\n`

    const rows = await withServer(answering('2', answer), (url) => outcomeOf(url))

    expect(rows).toEqual([
      ['[1,null,"9007199254740993"]', '{"a":5,"b, c":["1.50"]}', '{"k":"x("}', 'inf', 7],
    ])
  })

  it.for([
    'SELECT 1 SETTINGS max_execution_time = 0',
    'SELECT 1 FORMAT CSV',
    `SELECT 1 INTO OUTFILE 'x'`,
    '-- SELECT\nINSERT INTO t VALUES (1)',
    'SET x = 1',
    'SELECT 1\0',
    '',
  ])('refuses %j before the server sees it', async (sql) => {
    const asked: URL[] = []

    const outcome = await withServer(answering('0', '', asked), (url) => outcomeOf(url, sql))

    expect(outcome).toMatch(/^DATABASE_STATEMENT_REFUSED: /)
    expect(asked).toEqual([])
  })

  it.for([
    `SELECT 'a SETTINGS b = 1', "FORMAT" FROM t -- INTO OUTFILE`,
    'SELECT format, settings FROM t WHERE format = 1',
    '(SELECT 1);',
    '/* note */ WITH 1 AS x SELECT x',
  ])('sends %j', async (sql) => {
    const answer = '["n"]\n["UInt8"]\n[1]\n'

    const rows = await withServer(answering('0', answer), (url) => outcomeOf(url, sql))

    expect(rows).toEqual([[1]])
  })
})
