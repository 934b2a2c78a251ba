import { styleText } from 'node:util'

/** Styles that vanish where the terminal cannot show them. */
export const bold = (text: string): string => styleText('bold', text)
export const dim = (text: string): string => styleText('dim', text)
export const green = (text: string): string => styleText('green', text)
export const red = (text: string): string => styleText('red', text)
export const cyan = (text: string): string => styleText('cyan', text)

/** Indents every line of a block. */
export function indent(text: string, by = 4): string {
  return text.replaceAll(/^(?=.)/gm, ' '.repeat(by))
}
