import { titleOf } from '../chat/title.ts'

/**
 * Answers what chat interfaces ask by themselves, beside the conversation: a title, tags, questions
 * that could follow. Such a prompt quotes the conversation, so it must never be read as a question.
 *
 * @returns `undefined` for what a person asked.
 */
export function auxiliaryAnswer(prompt: string): string | undefined {
  const isTask = /^\s*###\s*Task:/i.test(prompt)
  const isTitle =
    /\b(?:title|name)\b[^.\n]{0,60}\b(?:for|of|summari[sz]ing)\b[^.\n]{0,20}\b(?:conversation|chat)\b/i
  const isBare = isTitle.test(prompt.slice(0, 400)) && /\n|conversation:/i.test(prompt)
  if (!isTask && !isBare) return undefined
  const task = prompt.slice(0, 600)
  if (!isTask) return titleFrom(prompt)
  if (/follow[- _]?up/i.test(task)) return JSON.stringify({ follow_ups: [] })
  if (/\btags?\b/i.test(task)) return JSON.stringify({ tags: ['Data'] })
  if (/\btitle\b/i.test(task)) return JSON.stringify({ title: titleFrom(prompt) })
  if (/quer(?:y|ies)/i.test(task)) return JSON.stringify({ queries: [] })
  return ''
}

/** What the person asked first in the quoted conversation. */
function titleFrom(prompt: string): string {
  const [, said = ''] =
    /^(?:USER|Human|User)\s*:\s*(.+)$/m.exec(prompt.replace(/^[\s\S]*?<chat_history>/i, '')) ?? []
  return titleOf(said) || 'Questions about data'
}
