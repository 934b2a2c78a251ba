import { cleanJson, cleanText, hasLookalikes } from '../outcome/clean-text.ts'
import { cutToBytes } from '../outcome/plain-text.ts'
import type { ResourceContent } from '../upstream/connection.ts'

/** The content of a resource, fit to be handed on. */
export interface PreparedContent {
  readonly uri: string
  readonly mimeType?: string | undefined
  /** `undefined` when the content is not text. */
  readonly text: string | undefined
  readonly bytes: number
  readonly isTruncated: boolean
  readonly isCleaned: boolean
  readonly hasLookalikes: boolean
}

/** Characters of what names a content, which people and models get to see. */
const maxUri = 2_048
const maxMimeType = 256

function shortened(text: string, maxLength: number): string {
  return cleanText(text.slice(0, maxLength)).text
}

/** Cleans what an untrusted server wrote, and cuts a text to its limit. */
export function prepareContent(
  content: ResourceContent,
  options: { readonly isTrusted: boolean; readonly maxItemBytes: number },
): PreparedContent {
  const { text } = content
  const uri = shortened(content.uri, maxUri)
  const mimeType =
    content.mimeType === undefined ? undefined : shortened(content.mimeType, maxMimeType)
  const place = { uri, ...(mimeType === undefined ? {} : { mimeType }) }
  if (text === undefined) {
    return { ...place, text, bytes: 0, isTruncated: false, isCleaned: false, hasLookalikes: false }
  }
  // What is cut off need not be cleaned, however long it is.
  const near = text.slice(0, options.maxItemBytes * 2)
  const clean = options.isTrusted ? { text: near, isCleaned: false } : cleaned(near, mimeType)
  const cut = cutToBytes(clean.text, options.maxItemBytes)
  const isTruncated = cut.isTruncated || near.length < text.length
  const isSuspect = !options.isTrusted && hasLookalikes(cut.text)
  return { ...place, ...cut, isTruncated, isCleaned: clean.isCleaned, hasLookalikes: isSuspect }
}

function cleaned(text: string, mimeType = ''): ReturnType<typeof cleanText> {
  return /[/+]json\b/i.test(mimeType) ? cleanJson(text) : cleanText(text)
}
