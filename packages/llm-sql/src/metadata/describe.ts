import type { SourcedMetadata } from '../assistant/assistant.ts'
import { literal, type Say } from '../schema/describe.ts'
import { fiscalCalendarOf, valueTermsOf } from './terms.ts'

/** Writes metadata as a prompt shows it, one line for each definition, in the order given. */
export function describeMetadata(
  metadata: readonly SourcedMetadata[],
  say: Say,
): readonly string[] {
  const calendar = fiscalCalendarOf(metadata)
  return [
    ...valueTermsOf(metadata).map(
      ({ term, column, value }) => `"${say(term)}" means ${say(column)} = ${literal(value, say)}`,
    ),
    ...metadata.flatMap(({ metadata: { translations = [], metrics = [], glossary = [] } }) => [
      ...translations.map(
        ({ term, expression, description }) =>
          `"${say(term)}" means ${say(expression, 500)}${remark([description], say)}`,
      ),
      ...metrics.map(
        ({ name, expression, synonyms, description, unit, grain }) =>
          `${quoted(name, synonyms, say)} means ${say(expression, 500)}${remark([description, unit, grain === undefined ? undefined : `one ${grain} each`], say)}`,
      ),
      ...glossary.map(
        ({ term, synonyms, definition, refersTo = [] }) =>
          `${quoted(term, synonyms, say)}: ${say(definition, 500)}${remark([refersTo.join(', ')], say)}`,
      ),
    ]),
    ...(calendar === undefined
      ? []
      : [
          `The fiscal year begins in month ${calendar.firstMonth} and has the number of the year in which it ${calendar.yearNamedAfter === 'start' ? 'begins' : 'ends'}; ${calendar.appliesTo === 'fiscal' ? 'years and quarters are calendar years unless called fiscal' : 'years and quarters are fiscal'}. Weeks begin on ${calendar.weekStartsOn === 'sunday' ? 'Sunday' : 'Monday'}.`,
        ]),
  ]
}

function quoted(name: string, synonyms: readonly string[] = [], say: Say): string {
  return [name, ...synonyms].map((one) => `"${say(one)}"`).join(' or ')
}

function remark(parts: readonly (string | undefined)[], say: Say): string {
  const shown = parts.filter((part) => part !== undefined && part !== '')
  return shown.length === 0 ? '' : ` (${shown.map((part) => say(part ?? '')).join('; ')})`
}
