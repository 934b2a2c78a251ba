import type { Span } from '../../guard/verdict.ts'
import { limitsColumn } from '../../policy/access.ts'
import type { Context } from '../context.ts'
import { findSources } from '../names/names.ts'
import type { Scope } from '../relation.ts'

/** Names times uses of common tables that are looked at in one text. */
const maxLookups = 5_000

/** Refuses the use of a common table where a late name of the text would mean a hidden column. */
export function checkLate(context: Context, outer: Scope | undefined, span: Span): void {
  const { access, reads } = context
  if (access === undefined || outer === undefined || reads.lateNames.size === 0) return
  reads.lateLookups += reads.lateNames.size
  if (reads.lateLookups > maxLookups) {
    reads.report({
      code: 'limit-exceeded',
      message: 'The common tables of the statement are used too often with names from around them.',
      span,
    })
    return
  }
  for (const name of reads.lateNames.values()) {
    const sources =
      findSources(context, { ...name, span }, { scope: outer, use: 'output', clause: 'other' }) ??
      []
    const isHidden = sources.some((source) => limitsColumn(access, source))
    if (!isHidden) continue
    reads.report({
      code: 'column-refused',
      message: `The column ${name.parts.join('.')} would mean one that must not be read where the common table is used; write its table before it.`,
      span: name.span,
      subject: name.parts.join('.'),
    })
  }
}
