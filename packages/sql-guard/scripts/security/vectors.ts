/** A way to attack, and who meets it. */
export interface Vector {
  readonly title: string
  /** `guard` where texts of the catalogue prove it; otherwise what meets it instead. */
  readonly metBy: string
}

const guard = 'guard'
const session = 'the session of `@t2t/database`'
const server = 'the example server'

/** The vectors of the threat model by their numbers. */
export const vectors: ReadonlyMap<number, Vector> = new Map(
  (
    [
      ['Stacked statements', guard],
      ['A comment that hides the first keyword', guard],
      ['Writes in WITH', guard],
      ['EXPLAIN ANALYZE and its kin', guard],
      ['SELECT INTO a table, a variable, a file', guard],
      ['Locking reads', guard],
      ['DO, CALL, EXECUTE, PREPARE', guard],
      ['COPY to and from files and programs', guard],
      ['Statements about the session', guard],
      ['DDL, with its implicit commit', guard],
      ['Executable comments', guard],
      ['Ends of comments that engines see differently', guard],
      ['Escapes that settings decide about', guard],
      ['Quoted and escaped names of functions', guard],
      ['Invisible, bidirectional and wide characters', guard],
      [
        'A parser that models a construct otherwise than the engine',
        'closed tables of nodes, the mutations below',
      ],
      ['A wrong or missing dialect', 'the types: there is no guard without a dialect'],
      ['Files of the server', guard],
      ['Large objects', guard],
      ['SQL in the text of a function', guard],
      [
        'Reach to other servers',
        'functions that are not on the list are refused; cases for ClickHouse',
      ],
      ['A path as a table (DuckDB)', 'no dialect for it'],
      ['Session state from a function', guard],
      ['Sequences', guard],
      ['Functions of administration', guard],
      ['Functions and operators of users', guard],
      ['Messages from a function', guard],
      ['Commands of SQL Server', 'no dialect for it'],
      ['ATTACH', guard],
      ['VACUUM INTO', guard],
      ['Loading extensions, files of the shell', guard],
      ['PRAGMA in all spellings', guard],
      ['A malicious database file', session],
      ['Hidden tables, system catalogues', guard],
      ['Whole rows, stars, positional names, NATURAL and USING', guard],
      ['Renaming and computing around a rule', guard],
      ['Filtering, sorting, grouping and joining by what is hidden', guard],
      ['Below the column: statistics, pages, configurations', guard],
      ['Parts of tables, small groups', guard],
      ['Evasion of row filters', guard],
      ['Other databases, search paths', 'names of three parts are refused, paths are pinned'],
      ['Functions that wait', guard],
      ['Generators and builders of size', guard],
      ['Texts that are costly to decide about', guard],
      ['Queries that outlive their client', session],
      ['Evasion of the row limit', `${session}, which stops reading`],
      ['Instructions stored in rows', '`@t2t/llm-sql`: fenced prompts, the guard after the model'],
      [
        'SQL through the arguments of a tool',
        'the MCP server of `@t2t/database`: bound and validated',
      ],
      ['A tool that skips the gates', 'one port to rows, with the guard in it'],
      ['DNS rebinding, missing checks of Host and Origin', server],
      ['Headers that contradict the body', '`@modelcontextprotocol/server`'],
      [
        'Secrets, SQL and values in errors and logs',
        'error classes without values, redaction in `@t2t/metrics`',
      ],
      ['Code made from an answer', 'charts are data, nothing is evaluated'],
      ['Unauthenticated old endpoints', server],
      ['Tools that poison or shadow others', '`@t2t/mcp-orchestrator`: name spaces'],
      [
        'A client that overrides a bound parameter',
        'attributes come from the caller of the guard alone',
      ],
    ] as const
  ).map(([title, metBy], index) => [index + 1, { title, metBy }]),
)
