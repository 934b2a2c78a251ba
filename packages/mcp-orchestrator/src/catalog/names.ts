import { cleanText } from '../outcome/clean-text.ts'

/** Characters of a URI. */
const maxUri = 2_048

/** Characters of the name of a tool, as the specification says. */
const maxToolName = 128

/** Whether a URI can be shown and asked for: not too long, and nothing in it that cannot be seen. */
export function isUsableUri(uri: string): boolean {
  return isPlain(uri, maxUri)
}

/** Whether a tool can be named by people and models: not too long, in one word that can be seen. */
export function isUsableToolName(name: string): boolean {
  return isPlain(name, maxToolName)
}

function isPlain(text: string, maxLength: number): boolean {
  return (
    text !== '' &&
    text.length <= maxLength &&
    !/[\s\u2800]/.test(text) &&
    !cleanText(text).isCleaned
  )
}
