import { accessHeaders } from './access.js'
import { element } from './element.js'

/** Shows an answer of `/api/chat` below its question. */
export function showAnswer(article, { data, error, metadata }) {
  if (error) {
    const isQuestion = error.code === 'clarification-needed'
    const title = titles[error.code] ?? 'Failed'
    article.append(element('p', title, isQuestion ? 'unclear' : 'refused'))
    article.append(element('p', error.message))
    if (data.choices.length > 0) article.append(list(data.choices))
  }
  if (data.explanation) article.append(element('p', data.explanation))
  if (data.results) article.append(table(data.results), download(data.results))
  if (data.sql_query) article.append(...statement(data.sql_query))
  if (data.resolved_entities.length > 0) {
    const meanings = data.resolved_entities.map(
      ({ term, meaning, source }) => `${term} → ${meaning} (${source})`,
    )
    article.append(list(meanings, 'meanings soft'))
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

/** What became of a question, in a sentence for those who do not see the page. */
export function spoken({ data, error }) {
  if (error) return `${titles[error.code] ?? 'Failed'}. ${error.message}`
  return `Answered. ${data.explanation ?? ''} ${counted(data.results)}.`
}

function list(texts, className = '') {
  const items = element('ul', '', className)
  for (const text of texts) items.append(element('li', text))
  return items
}

function statement(sql) {
  const above = element('div', '', 'above')
  const copy = element('button', 'Copy', 'plain')
  copy.type = 'button'
  copy.ariaLabel = 'Copy the SQL'
  copy.addEventListener('click', async () => {
    await navigator.clipboard.writeText(sql)
    copy.textContent = 'Copied'
  })
  above.append(element('span', 'SQL', 'soft'), copy)
  return [above, element('pre', sql)]
}

/** All rows as a file; what the page shows is cut off after a hundred. */
function download({ result_id: id, row_count: count }) {
  const button = element('button', 'Download as CSV', 'plain')
  button.type = 'button'
  button.hidden = count === 0 || id === null
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

const titles = { 'query-refused': 'Refused', 'clarification-needed': 'Not clear yet' }
const shownRows = 100

function counted({ rows, truncated, total_rows: total }) {
  const count = total ?? rows.length
  const shown = count > shownRows ? `, the first ${shownRows} shown` : ''
  const more = truncated ? ', and more that a limit cut off' : ''
  return `${count} ${count === 1 ? 'row' : 'rows'}${more}${shown}`
}

function table(results) {
  const { columns, rows } = results
  const result = document.createElement('table')
  result.createCaption().textContent = counted(results)
  const numeric = columns.map((_, index) => rows.every((row) => typeof row[index] === 'number'))
  const head = result.createTHead().insertRow()
  columns.forEach((name, index) => {
    const cell = element('th', name, numeric[index] ? 'number' : '')
    cell.scope = 'col'
    head.append(cell)
  })
  const body = result.createTBody()
  for (const row of rows.slice(0, shownRows)) {
    const line = body.insertRow()
    row.forEach((value, index) =>
      line.append(
        element('td', value === null ? '∅' : String(value), numeric[index] ? 'number' : ''),
      ),
    )
  }
  const scroll = element('div', '', 'scroll')
  // So that keys can scroll what is wider than the page.
  scroll.tabIndex = 0
  scroll.role = 'region'
  scroll.ariaLabel = 'Rows'
  scroll.append(result)
  return scroll
}
