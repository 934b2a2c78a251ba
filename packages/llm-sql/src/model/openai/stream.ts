import type { ModelPart } from '../model.ts'
import { cutOff, replyOf } from '../reply.ts'
import { finishOf, readCompletion, textOf, toolCall } from './reply.ts'

interface OpenCall {
  id: string | null | undefined
  name: string
  input: string
}

/**
 * Reads a streamed chat completion.
 *
 * @throws {@link ModelError} when a chunk holds an error, is not one, or the stream was cut.
 */
export async function* readStream(events: AsyncIterable<string>): AsyncGenerator<ModelPart> {
  const calls = new Map<number, OpenCall>()
  let text = ''
  let refusal: string | undefined
  let reason: string | undefined
  let inputTokens: number | undefined
  let outputTokens: number | undefined
  for await (const data of events) {
    if (data.trim() === '[DONE]') break
    const chunk = readCompletion(data)
    inputTokens = chunk.usage?.prompt_tokens ?? inputTokens
    outputTokens = chunk.usage?.completion_tokens ?? outputTokens
    const choice = chunk.choices?.[0]
    if (choice === undefined) continue
    const said = choice.delta ?? choice.message
    reason = choice.finish_reason ?? reason
    if (typeof said?.refusal === 'string') refusal = (refusal ?? '') + said.refusal
    for (const [at, { index = at, id, function: called }] of (said?.tool_calls ?? []).entries()) {
      const open = calls.get(index) ?? { id, name: '', input: '' }
      open.id ??= id
      open.name += called?.name ?? ''
      open.input += typeof called?.arguments === 'string' ? called.arguments : ''
      calls.set(index, open)
    }
    const piece = textOf(said)
    if (piece === '') continue
    text += piece
    yield { kind: 'text', text: piece }
  }
  if (reason === undefined) throw cutOff()
  const toolCalls = [...calls.values()].map(({ id, name, input }, at) =>
    toolCall(id, name, input, at),
  )
  const finishReason = finishOf(reason, refusal, text)
  yield {
    kind: 'end',
    reply: replyOf({ text, finishReason, toolCalls, inputTokens, outputTokens }),
  }
}
