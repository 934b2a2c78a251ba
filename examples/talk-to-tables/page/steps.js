import { element } from './element.js'

const steps = [
  ['understand', 'Understand', 'gathering what the database contains'],
  ['link', 'Link', 'finding what the words mean'],
  ['draft', 'Draft', 'writing SQL'],
  ['guard', 'Guard', 'checking it against the policy'],
  ['run', 'Run', 'reading rows'],
]
const signs = { waiting: '○', running: '◌', done: '●', refused: '✕', skipped: '–' }

/** A list of the steps of one answer, each of which changes in its place. */
export function showSteps() {
  const list = element('ol', '', 'steps')
  const lines = new Map(
    steps.map(([name, title, doing]) => {
      const [sign, detail] = [element('span', '', 'sign'), element('span', '', 'detail')]
      sign.ariaHidden = 'true'
      const item = document.createElement('li')
      item.append(sign, element('span', title, 'title'), detail)
      list.append(item)
      return [name, { item, sign, detail, doing }]
    }),
  )
  const set = (name, state, text) => {
    const { item, sign, detail } = lines.get(name)
    item.className = state
    sign.textContent = signs[state]
    detail.textContent = text
  }
  const stateOf = (name) => lines.get(name).item.className
  const begin = (name) => set(name, 'running', `${lines.get(name).doing}…`)
  for (const [name] of steps) set(name, 'waiting', '')
  begin('understand')

  return {
    list,
    show({ step, state, detail, attempt }) {
      const index = steps.findIndex(([name]) => name === step)
      for (const [name] of steps.slice(0, index)) {
        if (['waiting', 'running'].includes(stateOf(name))) set(name, 'skipped', 'not needed')
      }
      const said = step === 'draft' && detail === 'question' ? 'taken from the question' : detail
      set(step, state, attempt > 1 ? `${said} (attempt ${attempt})` : said)
      // What is refused can be drafted again; which of the two happens is told by what comes next.
      const next = steps[index + 1]?.[0]
      if (state === 'done' && next) begin(next)
    },
    end(isAnswered) {
      for (const [name] of steps) {
        const state = stateOf(name)
        if (state === 'running' && !isAnswered) set(name, 'skipped', 'not done')
        // What was not come to says nothing.
        else if (state === 'waiting') lines.get(name).item.remove()
        else if (state === 'running') set(name, 'skipped', 'not needed')
      }
    },
  }
}
