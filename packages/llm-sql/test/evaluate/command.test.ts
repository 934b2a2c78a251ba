import { spawnSync } from 'node:child_process'
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { runEvaluate } from '../../src/evaluate/command.ts'
import { startModelServer } from '../support/model-server.ts'
import { openAiReplies } from '../support/replies.ts'

const folder = mkdtempSync(join(tmpdir(), 'evaluate-'))
afterAll(() => rmSync(folder, { recursive: true }))
const at = (name: string): string => join(folder, name)
const lines = (...all: readonly object[]): string =>
  all.map((one) => `${JSON.stringify(one)}\n`).join('')

writeFileSync(
  at('shop.sql'),
  `CREATE TABLE orders (id integer PRIMARY KEY, status text);
   INSERT INTO orders VALUES (1, 'paid'), (2, 'paid'), (3, 'open');`,
)
const count = 'SELECT COUNT(*) FROM orders'
writeFileSync(
  at('questions.jsonl'),
  lines(
    { id: 'q1', db: 'shop', question: 'How many orders are there?', gold_sql: count },
    {
      id: 'q2',
      db: 'shop',
      question: 'How many orders are open?',
      gold_sql: `${count} WHERE status = 'open'`,
    },
    {
      id: 'q3',
      db: 'shop',
      question: 'How many orders are settled?',
      gold_sql: `${count} WHERE status = 'paid'`,
    },
  ),
)
writeFileSync(
  at('outputs.jsonl'),
  lines(
    { id: 'q1', system: 'a', sql: count },
    { id: 'q2', system: 'a', sql: count },
    { id: 'q1', system: 'b', sql: count },
  ),
)
writeFileSync(
  at('words.yaml'),
  'synonyms: [{ column: orders.status, value: paid, synonyms: [settled] }]\n',
)
const base = 'questions: questions.jsonl\ndatabase: { scripts: ["{db}.sql"], sampleValues: 50 }\n'
const configure = (name: string, rest: string, start = base): string => {
  writeFileSync(at(name), start + rest)
  return at(name)
}
const offline = configure('offline.yaml', 'metadata: [words.yaml]\ngenerator: { kind: offline }\n')

/** Runs the command in this process. */
async function run(args: readonly string[], signal = new AbortController().signal) {
  let [stdout, stderr] = ['', '']
  const status = await runEvaluate(args, {
    write: (text) => void (stdout += text),
    writeError: (text) => void (stderr += text),
    environment: { KEY: 'sk-secret' },
    signal,
  })
  return { status, stdout, stderr }
}

describe('t2t-eval', () => {
  it('prints the figures of the offline generator with metadata, and shows progress', async () => {
    const { status, stdout, stderr } = await run([offline, '--report', at('report.json')])

    expect(status).toBe(0)
    expect(stdout).toMatch(/^offline\nquestions +3\nexecution accuracy +100.0 % \(3 right\)\n/)
    expect(stderr).toContain('\r3 of 3, 3 right')
    expect(JSON.parse(readFileSync(at('report.json'), 'utf8'))).toMatchObject({
      name: 'offline',
      right: 3,
      byDatabase: { shop: { questions: 3 } },
    })
  })

  it('evaluates a model by its address, with tokens', async () => {
    await using server = await startModelServer({ body: openAiReplies.whole(count) })
    const model = configure(
      'model.json',
      JSON.stringify({
        questions: 'questions.jsonl',
        database: { scripts: ['{db}.sql'] },
        generator: { kind: 'model', baseUrl: server.baseUrl, model: 'm', apiKeyVariable: 'KEY' },
      }),
      '',
    )

    const { stdout } = await run([model, '--json', '--quiet', '--concurrency', '2'])

    expect(JSON.parse(stdout)).toMatchObject({
      name: 'openai:m',
      right: 1,
      wrong: 2,
      tokens: { input: 33, output: 21, perQuestion: 18 },
    })
    expect(server.requests[0]?.authorization).toBe('Bearer sk-secret')
  })

  it('evaluates recorded outputs as they stand', async () => {
    const recorded = configure(
      'recorded.yaml',
      'generator: { kind: recorded, outputs: outputs.jsonl, system: a }\n',
    )

    const { stdout } = await run([recorded, '--json', '--quiet'])

    expect(JSON.parse(stdout)).toMatchObject({ name: 'recorded:a', right: 1, wrong: 1, failed: 1 })
  })

  it('goes on where it was interrupted, also within a line', async () => {
    const results = at('results.jsonl')
    const first = await run([offline, '--results', results, '--limit', '1', '--quiet'])
    appendFileSync(results, '{"id":"q2","db":"sh')
    const second = await run([offline, '--results', results, '--json', '--quiet'])
    const written = readFileSync(results, 'utf8').trim().split('\n')
    const third = await run([offline, '--results', results])

    expect([first.status, second.status, third.status]).toEqual([0, 0, 0])
    expect(JSON.parse(second.stdout)).toMatchObject({ questions: 3, right: 3 })
    expect(written.map((line) => JSON.parse(line).id)).toEqual([undefined, 'q1', 'q2', 'q3'])
    expect(third.stderr.trim()).toBe('')
  })

  it('does not mix results of two configurations, unless it begins anew', async () => {
    const results = at('mixed.jsonl')
    writeFileSync(results, '{"evaluated":"something"}\n')

    const mixed = await run([offline, '--results', results])
    const fresh = await run([offline, '--results', results, '--fresh'])

    expect(mixed).toMatchObject({ status: 2, stderr: expect.stringContaining('say --fresh') })
    expect(fresh.status).toBe(0)
  })

  it('says that it was interrupted', async () => {
    const { status, stderr } = await run([offline], AbortSignal.abort())

    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: expect.stringContaining('Interrupted'),
    })
  })

  it.for([
    ['no configuration', [], 'Usage: t2t-eval'],
    ['a file that is not there', [at('none.yaml')], 'none.yaml cannot be read.'],
    ['a wrong number', [offline, '--limit', 'x'], '--limit must be an integer from 1 up, got x.'],
    ['an unknown option', [offline, '--what'], "Unknown option '--what'"],
    ['an unknown database', [offline, '--db', 'x'], 'There are: shop.'],
    ['a broken file', [configure('a.yaml', 'generator: [')], 'is neither YAML nor JSON'],
    [
      'an unknown field',
      [configure('b.yaml', 'generator: { kind: offline }\nmore: 1\n')],
      'unrecognized keys (more)',
    ],
    ['no generator', [configure('c.yaml', '')], 'generator: '],
    [
      'a database without a place',
      [
        configure(
          'd.yaml',
          'generator: { kind: offline }\n',
          'questions: questions.jsonl\ndatabase: {}\n',
        ),
      ],
      'database needs one of file, scripts, url, urlVariable, pglite.',
    ],
    [
      'a URL of no engine that is known',
      [
        configure(
          'url.yaml',
          'generator: { kind: offline }\n',
          'questions: questions.jsonl\ndatabase: { url: "oracle://user:s3cret@host/{db}" }\n',
        ),
      ],
      'The URL of the database must begin with postgres: or mysql:.',
    ],
    [
      'a variable without a URL',
      [
        configure(
          'variable.yaml',
          'generator: { kind: offline }\n',
          'questions: questions.jsonl\ndatabase: { urlVariable: NOT_SET }\n',
        ),
      ],
      'The variable NOT_SET is not set.',
    ],
    [
      'a database that is not there',
      [
        configure(
          'e.yaml',
          'generator: { kind: offline }\n',
          'questions: questions.jsonl\ndatabase: { file: none.db }\n',
        ),
      ],
      'The database shop cannot be opened',
    ],
    [
      'a key that is not set',
      [
        configure(
          'f.yaml',
          'generator: { kind: model, model: m, baseUrl: "http://x", apiKeyVariable: NONE }\n',
        ),
      ],
      'The variable NONE is not set.',
    ],
    [
      'a model without an address',
      [configure('g.yaml', 'generator: { kind: model, model: m }\n')],
      'generator.baseUrl is missing',
    ],
    [
      'metadata that is wrong',
      [configure('h.yaml', 'metadata: [questions.jsonl]\ngenerator: { kind: offline }\n')],
      'is not valid metadata',
    ],
    [
      'a policy that is wrong',
      [configure('i.yaml', 'policy: { tables: 7 }\ngenerator: { kind: offline }\n')],
      'The policy is not valid: tables must be an object',
    ],
  ] as const)('explains %s', async ([, args, message]) => {
    const { status, stdout, stderr } = await run(args)

    expect(status).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).toContain(message)
    expect(stderr).not.toContain('    at ')
  })

  it('takes a configuration in code', async () => {
    const module = configure(
      'setup.mjs',
      `const run = async () => ({ kind: 'rows', columns: ['n'], rows: [[1]], isTruncated: false })
       export default {
         name: 'mine',
         questions: [{ id: 'a', db: 'x', question: 'One?', gold_sql: 'SELECT 1' }],
         runnerFor: () => run,
         subject: async () => ({ kind: 'answered', rows: [[1]] }),
       }`,
      '',
    )

    const { stdout } = await run([module, '--json', '--quiet'])

    expect(JSON.parse(stdout)).toMatchObject({ name: 'mine', right: 1 })
  })

  it('is a program', () => {
    const program = join(import.meta.dirname, '../../src/cli.ts')

    const { status, stdout } = spawnSync(
      process.execPath,
      ['--conditions=@t2t/source', program, offline, '--quiet', '--limit', '1'],
      { encoding: 'utf8' },
    )

    expect(status).toBe(0)
    expect(stdout).toContain('execution accuracy   100.0 % (1 right)')
  })
})
