import { accessHeaders } from './access.js'
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
  if (data.results) article.append(table(data.results), download(data.results))
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

/** All rows as a file; what the page shows is cut off after a hundred. */
function download({ result_id: id, row_count: count }) {
  const button = element('button', 'Download as CSV', 'plain')
  button.type = 'button'
  button.hidden = count === 0
  button.addEventListener('click', async () => {
    const response = await fetch(`/api/results/${id}/csv`, { headers: accessHeaders() })
    if (!response.ok) {
      button.replaceWith(element('p', 'The rows are not kept any more; ask again.', 'soft'))
      return
    }
    const link = document.createElement('a')
    link.href = URL.createObjectURL(await response.blob())
    link.download = 'rows.csv'
    link.click()
    URL.revokeObjectURL(link.href)
  })
  return button
}

const titles = { 'query-refused': 'Refused' }

function table({ columns, rows, truncated, total_rows: total }) {
  const result = document.createElement('table')
  const more = truncated ? ', and more that a limit cut off' : ''
  const count = total ?? rows.length
  result.createCaption().textContent = `${count} ${count === 1 ? 'row' : 'rows'}${more}`
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
