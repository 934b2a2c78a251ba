import { element } from './element.js'

const name = 't2t-key'

/** The headers that say who asks; a key is kept as long as the page is open. */
export function accessHeaders() {
  const key = sessionStorage.getItem(name)
  return key ? { authorization: `Bearer ${key}` } : {}
}

/** Asks for a key, and ends when there is one. */
export function askForKey(log) {
  return new Promise((resolve) => {
    const form = element('form', '', 'key')
    const label = element('label', 'This server wants to know who asks. Your key')
    const input = document.createElement('input')
    input.type = 'password'
    input.autocomplete = 'current-password'
    input.required = true
    const row = element('div', '', 'row')
    row.append(input, element('button', 'Go on'))
    label.append(row)
    form.append(label)
    log.prepend(form)
    input.focus()
    form.addEventListener('submit', (event) => {
      event.preventDefault()
      sessionStorage.setItem(name, input.value.trim())
      form.remove()
      resolve()
    })
  })
}
