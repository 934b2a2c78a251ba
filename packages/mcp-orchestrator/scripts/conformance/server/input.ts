import { randomBytes } from 'node:crypto'
import {
  CLIENT_CAPABILITIES_META_KEY,
  acceptedContent,
  createRequestStateCodec,
  inputRequired,
  inputResponse,
  type CallToolResult,
  type InputRequests,
  type InputRequiredResult,
  type McpServer,
  type ServerContext,
} from '@modelcontextprotocol/server'
import { z } from 'zod'

/** Seals what the server wants to know again in the next round. */
export const states = createRequestStateCodec<string>({ key: randomBytes(32) })

const envelopeSchema = z.looseObject({
  [CLIENT_CAPABILITIES_META_KEY]: z
    .looseObject({ elicitation: z.unknown(), sampling: z.unknown() })
    .partial()
    .optional(),
})
const nameSchema = z.object({ name: z.string() })
const colorSchema = z.object({ color: z.string() })
const okSchema = z.object({ ok: z.boolean() })

const askName = () =>
  inputRequired.elicit({ message: 'What is your name?', requestedSchema: nameSchema })
const askModel = (text: string, maxTokens: number) =>
  inputRequired.createMessage({
    messages: [{ role: 'user', content: { type: 'text', text } }],
    maxTokens,
  })

/** What a tool answers: all of it, or what it still needs. */
type Answer = CallToolResult | InputRequiredResult

function say(text: string): CallToolResult {
  return { content: [{ type: 'text', text }] }
}

/** What a model or a person answered, as text. */
function answerTo(key: string, { mcpReq }: ServerContext): string | undefined {
  const answer = inputResponse(mcpReq.inputResponses, key)
  if (answer.kind === 'missing') return undefined
  if (answer.kind === 'roots') return answer.roots.map(({ uri }) => uri).join(', ')
  if (answer.kind === 'elicit') {
    return `action=${answer.action}, content=${JSON.stringify(answer.content ?? {})}`
  }
  const { content } = answer.result
  return !Array.isArray(content) && content.type === 'text' ? content.text : ''
}

/** Asks once, and says what was answered. */
function asking(key: string, request: InputRequests[string], prefix: string) {
  return (context: ServerContext): Answer => {
    const answer = answerTo(key, context)
    if (answer !== undefined) return say(`${prefix}${answer}`)
    return inputRequired({ inputRequests: { [key]: request } })
  }
}

const multipleRequests = (): InputRequests => ({
  user_name: askName(),
  greeting: askModel('Generate a greeting', 50),
  client_roots: inputRequired.listRoots(),
})

/** Adds the tools that need a person, a model or the roots of the client before they can answer. */
export function addInputTools(server: McpServer): void {
  const add = (
    name: string,
    answer: (context: ServerContext) => Answer | Promise<Answer>,
  ): void => {
    server.registerTool(name, { description: `Asks for what ${name} needs.` }, answer)
  }

  add('test_input_required_result_elicitation', ({ mcpReq }) => {
    const accepted = acceptedContent(mcpReq.inputResponses, 'user_name', nameSchema)
    if (accepted !== undefined) return say(`Hello, ${accepted.name}!`)
    return inputRequired({ inputRequests: { user_name: askName() } })
  })
  const capital = askModel('What is the capital of France?', 100)
  add('test_input_required_result_sampling', asking('capital_question', capital, ''))
  const roots = inputRequired.listRoots()
  add('test_input_required_result_list_roots', asking('client_roots', roots, 'Roots: '))
  add('test_missing_capability', asking('capital_question', capital, ''))
  add('test_streaming_elicitation', asking('user_name', askName(), ''))

  for (const name of ['request_state', 'tampered_state']) {
    add(`test_input_required_result_${name}`, async ({ mcpReq }) => {
      const confirmed = acceptedContent(mcpReq.inputResponses, 'confirm', okSchema)
      if (confirmed !== undefined && mcpReq.requestState<string>() === name) return say('state-ok')
      const confirm = inputRequired.elicit({ message: 'Please confirm', requestedSchema: okSchema })
      return inputRequired({ inputRequests: { confirm }, requestState: await states.mint(name) })
    })
  }
  add('test_input_required_result_multiple_inputs', async (context) => {
    const requests = multipleRequests()
    const answers = Object.keys(requests).map((key) => answerTo(key, context))
    if (answers.every((answer) => answer !== undefined)) return say(answers.join('; '))
    return inputRequired({ inputRequests: requests, requestState: await states.mint('multiple') })
  })
  add('test_input_required_result_multi_round', async ({ mcpReq }) => {
    const known = mcpReq.requestState<string>()
    const color = acceptedContent(mcpReq.inputResponses, 'step2', colorSchema)
    if (known?.startsWith('name:') === true && color !== undefined) {
      return say(`${known.slice(5)} likes ${color.color}.`)
    }
    const name = acceptedContent(mcpReq.inputResponses, 'step1', nameSchema)
    if (name !== undefined) {
      const message = 'Step 2: What is your favorite color?'
      return inputRequired({
        inputRequests: { step2: inputRequired.elicit({ message, requestedSchema: colorSchema }) },
        requestState: await states.mint(`name:${name.name}`),
      })
    }
    const message = 'Step 1: What is your name?'
    return inputRequired({
      inputRequests: { step1: inputRequired.elicit({ message, requestedSchema: nameSchema }) },
      requestState: await states.mint('begun'),
    })
  })
  add('test_input_required_result_capabilities', ({ mcpReq }) => {
    const able = envelopeSchema.parse(mcpReq.envelope ?? {})[CLIENT_CAPABILITIES_META_KEY] ?? {}
    const { user_name, greeting } = multipleRequests()
    const inputRequests: InputRequests = {
      ...(able.elicitation !== undefined && user_name !== undefined ? { user_name } : {}),
      ...(able.sampling !== undefined && greeting !== undefined ? { greeting } : {}),
    }
    const isAnswered = Object.keys(inputRequests).every(
      (key) => mcpReq.inputResponses?.[key] !== undefined,
    )
    return isAnswered ? say('Nothing to ask.') : inputRequired({ inputRequests })
  })
}
