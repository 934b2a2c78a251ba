import type { AssistantEvent } from '@t2t/llm-sql'

/** A step of an answer that was made, as it is told while the answer is not there yet. */
export type Step =
  | { readonly step: 'understand'; readonly state: 'done'; readonly detail: string }
  | { readonly step: 'link'; readonly state: 'done'; readonly detail: string }
  | {
      readonly step: 'draft'
      readonly state: 'done'
      readonly detail: string
      readonly attempt: number
      readonly sql: string
    }
  | {
      readonly step: 'guard'
      readonly state: 'done' | 'refused'
      readonly detail: string
      readonly attempt: number
    }
  | { readonly step: 'run'; readonly state: 'done'; readonly detail: string }

/** The step that an event ends; `undefined` for events that end none. */
export function stepOf(event: AssistantEvent): Step | undefined {
  switch (event.type) {
    case 'context-gathered': {
      const missing = event.missing > 0 ? `, ${event.missing} missing` : ''
      const sources = `${counted(event.sources, 'source')}${missing}`
      const detail = `${counted(event.tables, 'table')} from ${sources}`
      return { step: 'understand', state: 'done', detail }
    }
    case 'entities-resolved': {
      const found = event.entities.map(({ term, meaning }) => `${term} → ${meaning}`)
      return { step: 'link', state: 'done', detail: found.join(', ') || 'no names' }
    }
    case 'sql-drafted': {
      const { attempt, sql, generator: detail } = event
      return { step: 'draft', state: 'done', detail, attempt, sql }
    }
    case 'sql-checked': {
      const { attempt, verdict, codes } = event
      if (verdict === 'allowed') return { step: 'guard', state: 'done', detail: verdict, attempt }
      return { step: 'guard', state: 'refused', detail: codes.join(', '), attempt }
    }
    case 'rows-read': {
      const more = event.isTruncated ? ', and more that a limit cut off' : ''
      return { step: 'run', state: 'done', detail: `${counted(event.rows, 'row')}${more}` }
    }
    case 'model-called':
    case 'question-answered':
      return undefined
  }
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
