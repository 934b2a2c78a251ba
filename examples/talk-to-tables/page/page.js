import { accessHeaders, askForKey } from './access.js'
import { showAnswer, spoken } from './answer.js'
import { readEvents } from './events.js'
import { element } from './element.js'
import { showSteps } from './steps.js'

const form = document.querySelector('#form')
const input = document.querySelector('#question')
const button = form.querySelector('button')
const log = document.querySelector('#answer')
const status = document.querySelector('#status')
const examples = [
  'total sales by store last month',
  'top 5 products by units sold this year',
  'how many customers are from Vienna',
  'DROP TABLE orders',
]
let sessionId
let running

for (const text of examples) {
  const choice = element('button', text)
  choice.type = 'button'
  choice.addEventListener('click', () => {
    if (running) return
    input.value = text
    form.requestSubmit()
  })
  const item = document.createElement('li')
  item.append(choice)
  document.querySelector('#examples').append(item)
}

form.addEventListener('submit', (event) => {
  event.preventDefault()
  if (running) running.abort()
  else void ask(input.value)
})

async function ask(query) {
  running = new AbortController()
  button.textContent = 'Stop'
  status.textContent = 'Answering…'
  const steps = showSteps()
  const article = document.createElement('article')
  article.append(element('h2', query), steps.list)
  log.prepend(article)
  try {
    const answer = await stream(query, steps, running.signal)
    steps.end(answer.success)
    showAnswer(article, answer)
    status.textContent = spoken(answer)
  } catch (error) {
    steps.end(false)
    const message = running.signal.aborted ? 'Stopped.' : error.message
    article.append(element('p', message, running.signal.aborted ? 'soft' : 'refused'))
    status.textContent = message
  }
  running = undefined
  button.textContent = 'Ask'
  input.select()
}

async function stream(query, steps, signal) {
  const response = await fetch('/api/chat', {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'text/event-stream',
      ...accessHeaders(),
    },
    body: JSON.stringify({ query, session_id: sessionId }),
    signal,
  }).catch(() => {
    throw new Error('The server does not answer.')
  })
  if (response.status === 401) {
    await askForKey(log)
    return stream(query, steps, signal)
  }
  if (!response.ok) throw new Error((await response.json()).error.message)
  for await (const { name, data } of readEvents(response.body)) {
    if (name === 'step') steps.show(data)
    if (name === 'error') throw new Error(data.error.message)
    if (name === 'answer') {
      sessionId = data.metadata.session_id
      return data
    }
  }
  throw new Error('The answer broke off.')
}
