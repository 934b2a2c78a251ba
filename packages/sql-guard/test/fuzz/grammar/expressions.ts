import type { Kind } from './names.ts'
import type { Pen, Scope } from './scope.ts'

/** A value of a kind. */
export function expression(pen: Pen, kind: Kind, scope: Scope, depth: number): string {
  if (pen.isShort(depth) || pen.chance(0.35)) return leaf(pen, kind, scope)
  const inner = (of: Kind): string => expression(pen, of, scope, depth - 1)
  const same = (): string => inner(kind)
  const common: readonly (() => string)[] = [
    () => `coalesce(${same()}, ${same()})`,
    () => `nullif(${same()}, ${same()})`,
    () => `CASE WHEN ${condition(pen, scope, depth - 1)} THEN ${same()} ELSE ${same()} END`,
    () => `CASE ${same()} WHEN ${same()} THEN ${same()} ELSE ${same()} END`,
    () => `(${same()})`,
    () => `(${pen.grammar.subquery(pen, [kind], scope, depth - 1, true)})`,
  ]
  const own = kind === 'number' ? numeric(pen, scope, inner) : textual(pen, inner)
  // A value over rows beside a value of one row is an error of most texts.
  const overRows = pen.chance(0.06) ? aggregates(pen, kind, scope, inner) : []
  return pen.pick([...common, ...own, ...own, ...overRows, ...overRows, ...overRows])()
}

function leaf(pen: Pen, kind: Kind, scope: Scope): string {
  if (pen.chance(0.75)) return pen.reference(kind, scope)
  return pen.constant(kind)
}

function numeric(pen: Pen, scope: Scope, inner: (kind: Kind) => string): readonly (() => string)[] {
  const one = (): string => inner('number')
  const length = pen.is('mariadb') ? 'char_length' : 'length'
  return [
    () => `${one()} + ${one()}`,
    () => `${one()} * ${one()}`,
    () => `- ${one()}`,
    () => `abs(${one()})`,
    () => `${length}(${inner('text')})`,
    () => `CASE WHEN ${condition(pen, scope, 1)} THEN 1 ELSE 2 END`,
    ...(pen.is('postgres')
      ? [
          () => `(ARRAY[${one()}, ${one()}])[1]`,
          () => `cardinality(ARRAY(${pen.grammar.subquery(pen, ['number'], scope, 1, false)}))`,
          () => `CAST(${one()} AS numeric)`,
          () => `(SELECT count(*) FROM unnest(ARRAY[${one()}]) AS u (${pen.alias()}))`,
          () => `num_nulls(${inner('text')}, ${one()})`,
        ]
      : []),
    ...(pen.is('sqlite')
      ? [
          () => `CAST(${inner('text')} AS integer)`,
          () => `iif(${condition(pen, scope, 1)}, ${one()}, ${one()})`,
          () => `instr(${inner('text')}, ${inner('text')})`,
        ]
      : []),
    ...(pen.is('mariadb')
      ? [
          () => `IF(${condition(pen, scope, 1)}, ${one()}, ${one()})`,
          () => `${one()} DIV 2`,
          () => `CAST(${one()} AS SIGNED)`,
          () => `FIELD(${inner('text')}, ${inner('text')})`,
        ]
      : []),
    ...(pen.is('clickhouse') ? clickhouseNumbers(pen, scope, inner) : []),
  ]
}

function clickhouseNumbers(
  pen: Pen,
  scope: Scope,
  inner: (kind: Kind) => string,
): readonly (() => string)[] {
  const one = (): string => inner('number')
  const name = pen.alias()
  return [
    () => `if(${condition(pen, scope, 1)}, ${one()}, ${one()})`,
    () => `(${one()} AS ${name}) + ${name}`,
    () => `arraySum(${name} -> ${name} + ${one()}, [1, ${one()}])`,
    () => `(${one()}, ${inner('text')}).1`,
    () => `[${one()}, ${one()}][1]`,
    () => `toInt64OrZero(${inner('text')})`,
    () => `arrayJoin([${one()}, ${one()}])`,
    () => `(${condition(pen, scope, 1)} ? ${one()} : ${one()})`,
  ]
}

function clickhouseTexts(pen: Pen, inner: (kind: Kind) => string): readonly (() => string)[] {
  const one = (): string => inner('text')
  const name = pen.alias()
  return [
    () => `(${inner('number')}, ${one()}).2`,
    () => `map('k', ${one()})['k']`,
    () => `arrayStringConcat(arrayMap(${name} -> ${name} || ${one()}, ['a', ${one()}]))`,
    () => `(${one()} AS ${name}) || ${name}`,
    () => `(${one()})::String`,
    () => `tupleElement(tuple(${one()}), 1)`,
    () => `multiIf(${one()} = ${one()}, ${one()}, ${one()})`,
  ]
}

function textual(pen: Pen, inner: (kind: Kind) => string): readonly (() => string)[] {
  const one = (): string => inner('text')
  const joined = (): string =>
    pen.is('mariadb', 'clickhouse') ? `concat(${one()}, ${one()})` : `${one()} || ${one()}`
  return [
    joined,
    () => `upper(${one()})`,
    () => `substr(${one()}, 1, 2)`,
    () => `replace(${one()}, ${one()}, ${one()})`,
    () =>
      pen.is('clickhouse')
        ? `toString(${inner('number')})`
        : `CAST(${inner('number')} AS ${pen.is('mariadb') ? 'char' : 'text'})`,
    ...(pen.is('postgres')
      ? [
          () => `json_build_object('k', ${one()})::text`,
          () => `xmlforest(${one()} AS n)::text`,
          () => `xmlelement(name a, ${one()})::text`,
          () => `format('%s', ${one()})`,
          () => `to_json(${one()})::text`,
          () => `ROW(${one()}, ${inner('number')})::text`,
          () => `('{"a":1}'::jsonb ->> ${one()})`,
          () => `(xpath('/a/text()', ('<a>' || ${one()} || '</a>')::xml))[1]::text`,
          () => `overlay(${one()} PLACING 'x' FROM 1)`,
        ]
      : []),
    ...(pen.is('sqlite')
      ? [
          () => `json_object('k', ${one()})`,
          () => `printf('%s', ${one()})`,
          () => `json_extract(json_array(${one()}), '$[0]')`,
          () => `quote(${one()})`,
        ]
      : []),
    ...(pen.is('mariadb')
      ? [
          () => `JSON_OBJECT('k', ${one()})`,
          () => `JSON_VALUE(JSON_OBJECT('k', ${one()}), '$.k')`,
          () => `concat_ws('-', ${one()}, ${one()})`,
        ]
      : []),
    ...(pen.is('clickhouse') ? clickhouseTexts(pen, inner) : []),
  ]
}

/** A value over rows. */
export function aggregate(pen: Pen, kind: Kind, scope: Scope, depth: number): string {
  const inner = (of: Kind): string => expression(pen, of, scope, depth - 1)
  return pen.pick(aggregates(pen, kind, scope, inner))()
}

function aggregates(
  pen: Pen,
  kind: Kind,
  scope: Scope,
  inner: (kind: Kind) => string,
): readonly (() => string)[] {
  const one = (): string => inner(kind)
  const both = [() => `min(${one()})`, () => `max(${one()})`]
  if (kind === 'number') {
    return [
      ...both,
      () => 'count(*)',
      () => `count(DISTINCT ${inner(pen.pick(['number', 'text']))})`,
      () => `sum(${one()})`,
      ...(pen.is('postgres', 'sqlite')
        ? [() => `sum(${one()}) FILTER (WHERE ${condition(pen, scope, 1)})`]
        : []),
      ...(pen.is('postgres') ? [() => `percentile_disc(0) WITHIN GROUP (ORDER BY ${one()})`] : []),
      ...(pen.is('sqlite') ? [() => `total(${one()})`] : []),
      ...(pen.is('clickhouse')
        ? [
            () => `sumIf(${one()}, ${condition(pen, scope, 1)})`,
            () => `argMax(${one()}, ${one()})`,
            () => `uniqExact(${inner('text')})`,
          ]
        : []),
    ]
  }
  if (pen.is('postgres')) {
    return [
      ...both,
      () => `string_agg(${one()}, ',' ORDER BY ${inner('number')}, 1)`,
      () => `json_agg(${one()} ORDER BY ${inner('number')})::text`,
      () => `(array_agg(${one()} ORDER BY ${inner('number')}))[1]`,
      () => `xmlagg(xmlelement(name a, ${one()}) ORDER BY ${inner('number')})::text`,
    ]
  }
  if (pen.is('clickhouse')) {
    return [
      ...both,
      () => `arrayStringConcat(arraySort(groupArray(${one()})))`,
      () => `argMin(${one()}, ${inner('number')})`,
      () => `anyIf(${one()}, ${condition(pen, scope, 1)})`,
    ]
  }
  return pen.is('sqlite')
    ? [
        ...both,
        () => `group_concat(${one()})`,
        () => `json_group_array(${one()})`,
        () => `group_concat(${one()}, '-' ORDER BY ${inner('number')})`,
      ]
    : [...both, () => `group_concat(${one()} ORDER BY 1 SEPARATOR '-')`]
}

/** A value over a window of rows. */
export function windowed(pen: Pen, kind: Kind, scope: Scope, depth: number): string {
  const call = pen.pick(
    kind === 'number'
      ? ['row_number()', 'rank()', `sum(${expression(pen, kind, scope, 0)})`, 'count(*)']
      : [`lag(${expression(pen, kind, scope, 0)})`, `min(${expression(pen, kind, scope, 0)})`],
  )
  if (pen.chance(0.15)) return `${call} OVER win`
  const parts = [
    pen.chance(0.5) ? `PARTITION BY ${expression(pen, 'text', scope, depth - 1)}` : '',
    `ORDER BY ${expression(pen, 'number', scope, depth - 1)}`,
    pen.chance(0.2) ? 'ROWS BETWEEN 1 PRECEDING AND CURRENT ROW' : '',
  ]
  return `${call} OVER (${parts.filter((part) => part !== '').join(' ')})`
}

/** A condition. */
export function condition(pen: Pen, scope: Scope, depth: number): string {
  const kind = pen.pick<Kind>(['number', 'text'])
  const one = (of: Kind = kind): string => expression(pen, of, scope, depth - 1)
  if (pen.isShort(depth)) return `${one()} ${pen.pick(['=', '<', '>', '<>', '<='])} ${one()}`
  const inner = (): string => condition(pen, scope, depth - 1)
  const query = (kinds: readonly Kind[], sees = true): string =>
    pen.grammar.subquery(pen, kinds, scope, depth - 1, sees)
  const forms: readonly (() => string)[] = [
    () => `${one()} ${pen.pick(['=', '<', '>', '<>'])} ${one()}`,
    () => `${one()} ${pen.pick(['=', '<', '>', '<>'])} ${one()}`,
    () => `${one('text')} LIKE ${pen.pick([`'a%'`, `'%canary'`, `'A%'`, `'_d%'`])}`,
    () => `${one()} IS ${pen.chance(0.5) ? 'NOT ' : ''}NULL`,
    () => `${one()} BETWEEN ${one()} AND ${one()}`,
    () => `${one()} ${pen.chance(0.2) ? 'NOT ' : ''}IN (${one()}, ${one()})`,
    () => `${one()} ${pen.chance(0.2) ? 'NOT ' : ''}IN (${query([kind])})`,
    () => `${pen.chance(0.2) ? 'NOT ' : ''}EXISTS (${query([kind])})`,
    () => `(${inner()} AND ${inner()})`,
    () => `(${inner()} OR ${inner()})`,
    () => `NOT (${inner()})`,
    () => `(${one('number')}, ${one('text')}) IN (${query(['number', 'text'])})`,
    () => `(${one('number')}, ${one('text')}) = (${one('number')}, ${one('text')})`,
    ...(pen.is('postgres', 'mariadb', 'clickhouse')
      ? [() => `${one()} = ANY (${query([kind])})`]
      : []),
    ...(pen.is('postgres', 'mariadb') ? [() => `${one()} >= ALL (${query([kind])})`] : []),
    ...(pen.is('postgres', 'sqlite') ? [() => `${one()} IS NOT DISTINCT FROM ${one()}`] : []),
    ...(pen.is('postgres')
      ? [
          () => `${one('text')} SIMILAR TO 'a%'`,
          () => `${one('text')} ~ '^a'`,
          () => `${one('number')} = ANY (ARRAY[${one('number')}])`,
          () => `jsonb_build_object('a', ${one()}) @> '{"a":1}'`,
        ]
      : []),
    ...(pen.is('sqlite') && pen.isBold() ? [() => `${one()} IN ${pen.alias()}`] : []),
    ...(pen.is('mariadb', 'clickhouse') ? [() => `${one()} <=> ${one()}`] : []),
    ...(pen.is('clickhouse')
      ? [
          () => `has([${one('text')}], ${one('text')})`,
          () => `${one('number')} GLOBAL IN (${query(['number'])})`,
          () => `match(${one('text')}, '^a')`,
          () => `${one('number')} IN ${pen.alias()}`,
        ]
      : []),
  ]
  return pen.pick(forms)()
}
