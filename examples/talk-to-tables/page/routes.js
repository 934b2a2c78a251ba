import { accessHeaders, askForKey } from './access.js'
import { element } from './element.js'

const section = document.querySelector('#routes')
const { paths, components } = await documented()
const groups = new Map()
for (const [path, methods] of Object.entries(paths)) {
  for (const [method, route] of Object.entries(methods)) {
    const [tag = 'other'] = route.tags ?? []
    groups.set(tag, [...(groups.get(tag) ?? []), { path, method, route }])
  }
}
for (const [tag, routes] of groups) {
  section.append(element('h2', tag))
  for (const each of routes) section.append(shown(each))
}

async function documented() {
  const response = await fetch('/openapi.json', { headers: accessHeaders() })
  if (response.status === 401) {
    await askForKey(section)
    return documented()
  }
  return response.json()
}

function shown({ path, method, route }) {
  const details = document.createElement('details')
  const summary = document.createElement('summary')
  summary.append(element('code', `${method.toUpperCase()} ${path}`), ` ${route.summary ?? ''}`)
  details.append(summary)
  if (route.description) details.append(element('p', route.description))
  const { schema } = route.requestBody?.content['application/json'] ?? {}
  if (schema) details.append(element('p', 'Takes', 'soft'), json(resolved(schema)))
  for (const { name, in: place, schema: form } of route.parameters ?? [])
    details.append(element('p', `${name} in the ${place}: ${form.type ?? 'any'}`, 'soft'))
  for (const [status, { description, content }] of Object.entries(route.responses)) {
    details.append(element('p', `${status} ${description}`))
    const form = content?.['application/json']?.schema
    if (form && status.startsWith('2')) details.append(json(resolved(form)))
  }
  return details
}

function resolved(schema) {
  const name = schema.$ref?.split('/').at(-1)
  return name ? components.schemas[name] : schema
}

function json(value) {
  return element('pre', JSON.stringify(value, undefined, 2))
}
