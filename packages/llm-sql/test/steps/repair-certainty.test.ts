import { DatabaseSync } from 'node:sqlite'
import { repair, type Failure, type Repaired } from '@t2t/llm-sql'
import type { Catalog } from '@t2t/sql-guard'
import { describe, expect, it } from 'vitest'

const database = new DatabaseSync(':memory:')
database.exec(`
  CREATE TABLE people (person_id integer PRIMARY KEY, full_name text, age integer, town_code text);
  CREATE TABLE friends (person_id integer REFERENCES people, friend_id integer REFERENCES people);
  CREATE TABLE faculties (faculty_id integer PRIMARY KEY, faculty_name text, dean text);
  CREATE TABLE courses (course_id integer PRIMARY KEY, course_name text, faculty_id integer REFERENCES faculties);
  CREATE TABLE lessons (lesson_id integer PRIMARY KEY, course_id integer REFERENCES courses, room text, held_on date);
  CREATE TABLE exams (exam_id integer PRIMARY KEY, course_id integer REFERENCES courses, held_on date);
  CREATE TABLE authors (author_id integer PRIMARY KEY, first_name text, last_name text);
`)

function tableOf(name: string, keys: readonly (readonly [string, string, string])[] = []) {
  const columns = database.prepare('SELECT * FROM pragma_table_info(?)').all(name)
  return {
    schema: 'main',
    name,
    kind: 'table' as const,
    primaryKey: columns.filter(({ pk }) => pk === 1).map((column) => String(column['name'])),
    columns: columns.map((column) => ({
      name: String(column['name']),
      type: String(column['type']),
      isNullable: true,
    })),
    foreignKeys: keys.map(([column, table, key]) => ({
      columns: [column],
      references: { schema: 'main', table, columns: [key] },
    })),
  }
}

const catalog: Catalog = {
  dialect: 'sqlite',
  version: '1',
  searchPath: ['main'],
  tables: [
    tableOf('people'),
    tableOf('friends', [
      ['person_id', 'people', 'person_id'],
      ['friend_id', 'people', 'person_id'],
    ]),
    tableOf('faculties'),
    tableOf('courses', [['faculty_id', 'faculties', 'faculty_id']]),
    tableOf('lessons', [['course_id', 'courses', 'course_id']]),
    tableOf('exams', [['course_id', 'courses', 'course_id']]),
    tableOf('authors'),
  ],
}

function failureOf(sql: string): Failure | undefined {
  try {
    database.prepare(sql).all()
    return undefined
  } catch (error) {
    return { message: String(error) }
  }
}

function mended(sql: string, question?: string): Repaired | undefined {
  return repair(sql, failureOf(sql) ?? {}, { catalog, check: failureOf, question })
}

describe('how certain a repair is', () => {
  it.for([
    [
      'a table that alone has all of the columns',
      'SELECT age FROM pupils WHERE full_name = 1',
      'SELECT age FROM people WHERE full_name = 1',
    ],
    [
      'the column of that name one key away, before one of a similar name',
      'SELECT faculty_name, course_id FROM courses',
      'SELECT faculties.faculty_name, course_id FROM courses JOIN faculties ON courses.faculty_id = faculties.faculty_id',
    ],
    [
      'the tables between two, where one way leads over them',
      'SELECT f.dean FROM faculties f JOIN lessons l ON f.faculty_id = l.faculty_id',
      'SELECT f.dean FROM faculties f JOIN courses ON courses.faculty_id = f.faculty_id JOIN lessons AS l ON l.course_id = courses.course_id',
    ],
    [
      'the same column of the other person, over the key that is left',
      "SELECT b.full_name FROM people a JOIN friends b ON a.person_id = b.person_id WHERE a.full_name = 'Ann'",
      "SELECT people.full_name FROM people a JOIN friends b ON a.person_id = b.person_id JOIN people ON b.friend_id = people.person_id WHERE a.full_name = 'Ann'",
    ],
    [
      'the keys of both sides of a subquery',
      'SELECT dean FROM faculties WHERE faculty IN (SELECT faculty FROM courses)',
      'SELECT dean FROM faculties WHERE faculties.faculty_id IN (SELECT courses.faculty_id FROM courses)',
    ],
    [
      'the column that can hold the text beside it',
      "SELECT dean FROM faculties WHERE faculty = 'Law'",
      "SELECT dean FROM faculties WHERE faculties.faculty_name = 'Law'",
    ],
    [
      'the only column that ends with such a word',
      'SELECT code FROM people',
      'SELECT people.town_code FROM people',
    ],
    [
      'the owner of a column that a join would make ambiguous',
      'SELECT course_id, faculty_id FROM lessons',
      'SELECT lessons.course_id, courses.faculty_id FROM lessons JOIN courses ON lessons.course_id = courses.course_id',
    ],
  ] as const)('is likely for %s', ([, sql, expected]) => {
    const repaired = mended(sql)

    expect(repaired?.sql).toBe(expected)
    expect(repaired?.certainty).toBe('likely')
  })

  it('is sure for the other side of an equality that names one side alone', () => {
    const repaired = mended(
      'SELECT l.room FROM lessons l JOIN courses c ON course_id = c.course_id',
    )

    expect(repaired?.sql).toBe(
      'SELECT l.room FROM lessons l JOIN courses c ON l.course_id = c.course_id',
    )
    expect(repaired?.certainty).toBe('sure')
  })

  it('is likely for a table among several where the question names one, else a guess', () => {
    const sql = 'SELECT held_on FROM meetings WHERE course_id = 1'

    expect(mended(sql, 'When is the exam of course 1?')).toMatchObject({
      sql: 'SELECT held_on FROM exams WHERE course_id = 1',
      certainty: 'likely',
    })
    expect(mended(sql, 'When does course 1 meet?')?.certainty).not.toBe('likely')
  })

  it('is likely for a constant without quotes that the question says, else a guess', () => {
    const sql = 'SELECT age FROM people WHERE full_name = Ann'

    expect(mended(sql, 'How old is Ann?')?.certainty).toBe('likely')
    expect(mended(sql, 'How old is she?')?.certainty).toBe('guess')
  })

  it('is a guess for a name where a table has several', () => {
    expect(mended('SELECT name FROM authors')?.certainty).toBe('guess')
  })

  it('is a guess for counts within groups of one row each', () => {
    expect(
      mended('SELECT course_id, course_name FROM courses ORDER BY COUNT(course_id) LIMIT 1')
        ?.certainty,
    ).toBe('guess')
  })

  it('takes no name that is another one for a misspelt one', () => {
    const repaired = mended('SELECT faculty_nmae FROM faculties')

    expect(repaired).toMatchObject({ certainty: 'sure' })
    expect(mended('SELECT faculty_code FROM faculties')?.certainty).not.toBe('sure')
  })
})
