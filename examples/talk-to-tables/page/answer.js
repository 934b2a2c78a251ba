import { element } from './element.js'

/** Shows an answer of `/api/chat` below its question. */
export function showAnswer(article, { data, error, metadata }) {
  if (error) {
    const isQuestion = error.code === 'clarification-needed'
    if (!isQuestion) article.append(element('p', titles[error.code] ?? 'Failed', 'refused'))
    article.append(element('p', error.message))
    if (data.choices.length > 0) article.append(element('p', data.choices.join(' · '), 'soft'))
  }
  if (data.explanation) article.append(element('p', data.explanation))
  if (data.results) article.append(table(data.results))
  if (data.sql_query) article.append(element('pre', data.sql_query))
  for (const { term, meaning, source } of data.resolved_entities) {
    article.append(element('p', `${term} → ${meaning} (${source})`, 'soft'))
  }
  const { mcp_servers_used: used, missing_sources: sources } = data.metadata
  const missing = sources.map(({ name, reason }) => `${name} (${reason})`).join(', ')
  article.append(
    element(
      'p',
      `Sources: ${used.join(', ') || 'none'}${missing ? `. Missing: ${missing}` : ''}. ${metadata.duration_ms} ms`,
      'soft',
    ),
  )
}

const titles = { 'query-refused': 'Refused' }

function table({ columns, rows, truncated }) {
  const result = document.createElement('table')
  const more = truncated ? ', and more that a limit cut off' : ''
  result.createCaption().textContent = `${rows.length} ${rows.length === 1 ? 'row' : 'rows'}${more}`
  const numeric = columns.map((_, index) => rows.every((row) => typeof row[index] === 'number'))
  const head = result.createTHead().insertRow()
  columns.forEach((name, index) => head.append(element('th', name, numeric[index] ? 'number' : '')))
  const body = result.createTBody()
  for (const row of rows.slice(0, 100)) {
    const line = body.insertRow()
    row.forEach((value, index) =>
      line.append(
        element('td', value === null ? '∅' : String(value), numeric[index] ? 'number' : ''),
      ),
    )
  }
  const scroll = element('div', '', 'scroll')
  scroll.append(result)
  return scroll
}
