const form = document.querySelector('#form')
const input = document.querySelector('#question')
const button = form.querySelector('button')
const log = document.querySelector('#answer')
const examples = [
  'total sales by store last month',
  'top 5 products by units sold this year',
  'how many orders by store last month',
  'DROP TABLE orders',
]

for (const text of examples) {
  const choice = element('button', text)
  choice.type = 'button'
  choice.addEventListener('click', () => {
    input.value = text
    form.requestSubmit()
  })
  const item = document.createElement('li')
  item.append(choice)
  document.querySelector('#examples').append(item)
}

form.addEventListener('submit', (event) => {
  event.preventDefault()
  void ask()
})

async function ask() {
  button.disabled = true
  const started = performance.now()
  const article = document.createElement('article')
  article.append(element('h2', input.value), element('p', 'Working…', 'soft'))
  log.prepend(article)
  try {
    const response = await fetch('/api/ask', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ question: input.value }),
    })
    const answer = await response.json()
    article.lastChild.remove()
    if (answer.error) article.append(element('p', answer.error.message, 'refused'))
    else show(article, answer, performance.now() - started)
  } catch {
    article.lastChild.replaceWith(element('p', 'The server does not answer.', 'refused'))
  }
  button.disabled = false
  input.select()
}

function show(article, answer, tookMs) {
  if (answer.kind === 'answered') {
    article.append(element('p', answer.explanation), table(answer), element('pre', answer.sql))
  } else if (answer.kind === 'refused') {
    article.append(element('p', 'Refused', 'refused'))
    for (const finding of answer.findings)
      article.append(element('p', `${finding.code}: ${finding.message}`))
  } else if (answer.kind === 'clarify') {
    article.append(element('p', answer.ask))
    if (answer.choices.length > 0) article.append(element('p', answer.choices.join(' · '), 'soft'))
  } else {
    article.append(element('p', answer.message, 'refused'))
  }
  for (const entity of answer.entities) {
    article.append(
      element('p', `${entity.term} → ${entity.meaning} (${entity.source.name})`, 'soft'),
    )
  }
  const sources = [...new Set(answer.sources.map((source) => source.name))].join(', ')
  const missing = answer.missing.map((source) => `${source.name} (${source.reason})`).join(', ')
  article.append(
    element(
      'p',
      `Sources: ${sources || 'none'}${missing ? `. Missing: ${missing}` : ''}. ${Math.round(tookMs)} ms`,
      'soft',
    ),
  )
}

function table({ columns, rows, isTruncated }) {
  const result = document.createElement('table')
  result.createCaption().textContent = `${rows.length} ${rows.length === 1 ? 'row' : 'rows'}${isTruncated ? ', and more that a limit cut off' : ''}`
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

function element(name, text, className = '') {
  const node = document.createElement(name)
  node.textContent = text
  if (className) node.className = className
  return node
}
