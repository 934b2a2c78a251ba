import { pick, type Random } from '../random.ts'
import {
  aliases,
  type Column,
  confusing,
  type Flavour,
  type Kind,
  numbers,
  type Relation,
  texts,
} from './names.ts'

/** One level of names, with those around it. */
export interface Scope {
  readonly relations: readonly Relation[]
  readonly outer: Scope | undefined
  readonly commonTables: readonly Relation[]
}

/** A query, and the columns that it gives. */
export interface Written {
  readonly sql: string
  readonly columns: readonly Column[]
}

/** How the parts of the grammar call what is above them. */
export interface Grammar {
  freeQuery(pen: Pen, scope: Scope, depth: number): Written
  subquery(pen: Pen, kinds: readonly Kind[], scope: Scope, depth: number, sees: boolean): string
}

/** Names of the list that cannot stand as an alias everywhere. */
const reserved = new Set(['row_to_json', 'count', 'public', 'main', '"email"', '"Email"'])

/** Writes texts at random: what the parts of the grammar share. */
export class Pen {
  readonly random: Random
  readonly flavour: Flavour
  /** The share of references that aim at what is hidden, 0 to 1. */
  readonly boldness: number
  readonly grammar: Grammar
  #budget = 60
  #made = 0

  constructor(random: Random, flavour: Flavour, boldness: number, grammar: Grammar) {
    this.random = random
    this.flavour = flavour
    this.boldness = boldness
    this.grammar = grammar
  }

  chance(share: number): boolean {
    return this.random() < share
  }

  pick<Item>(items: readonly Item[]): Item {
    return pick(this.random, items)
  }

  /** Whether something small should be written, since much has been written already. */
  isShort(depth: number): boolean {
    this.#budget--
    return depth <= 0 || this.#budget <= 0
  }

  is(...flavours: readonly Flavour[]): boolean {
    return flavours.includes(this.flavour)
  }

  isBold(): boolean {
    return this.boldness > 0 && this.chance(this.boldness)
  }

  /** A new name: mostly a fresh one, at times one that means something else already. */
  alias(): string {
    if (this.chance(0.12)) return this.pick(confusing.filter((name) => !reserved.has(name)))
    return this.chance(0.15) ? this.pick(aliases) : `${this.pick(aliases)}${++this.#made}`
  }

  /** A reference to a column of a kind, or a constant where no column is in sight. */
  reference(kind: Kind, scope: Scope): string {
    if (this.isBold()) return this.boldReference(scope)
    if (this.is('clickhouse') && this.chance(0.05)) return this.pick(['e', 'w9', 'email', 'value'])
    const level = scope.outer !== undefined && this.chance(0.2) ? scope.outer : scope
    const found = level.relations.flatMap((relation) =>
      relation.columns
        .filter((column) => column.kind === kind)
        .map((column) => this.qualified(relation, column, level)),
    )
    return found.length === 0 ? this.constant(kind) : this.pick(found)
  }

  constant(kind: Kind): string {
    const constant = this.pick(kind === 'number' ? numbers : texts)
    // Types that nobody knows are errors in many places.
    return this.is('postgres') && kind === 'text' ? `${constant}::text` : constant
  }

  qualified({ alias }: Relation, { name }: Column, { relations }: Scope): string {
    const isShared = relations.some(
      (each) => each.alias !== alias && each.columns.some((column) => column.name === name),
    )
    return this.chance(isShared ? 0.02 : 0.35) ? name : `${alias}.${name}`
  }

  /** A name that is hidden, or that may mean something that is. */
  boldReference({ relations, outer }: Scope): string {
    const all = [...relations, ...(outer?.relations ?? [])]
    const relation =
      all.length === 0 || this.chance(0.2) ? this.pick(confusing) : this.pick(all).alias
    const name = this.chance(0.5)
      ? this.pick(['email', 'email_upper', 'address', 'value', 'content'])
      : this.pick(confusing)
    const forms: readonly string[] = [
      name,
      `${relation}.${name}`,
      `${relation}.${name}`,
      `"${name.replaceAll('"', '')}"`,
      relation,
      ...(this.is('postgres')
        ? [
            `(${relation}).${name}`,
            `${name.replaceAll('"', '')}(${relation})`,
            `(${relation}.*)::text`,
            `row_to_json(${relation})`,
            `(to_jsonb(${relation}) ->> 'email')`,
            `public.${relation}.${name}`,
            `(${relation})::text`,
          ]
        : []),
      ...(this.is('sqlite') ? [`main.${relation}.${name}`, `[${name}]`, `\`${name}\``] : []),
      ...(this.is('mariadb', 'clickhouse') ? [`attacked.${relation}.${name}`, `\`${name}\``] : []),
    ]
    return this.pick(forms)
  }
}
