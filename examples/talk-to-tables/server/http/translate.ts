import type { Application } from '../application.ts'

/** Says a message in the caller's language, where the configuration has it; else as it is. */
export type Translate = (code: string, message: string) => string

/** Reads `Accept-Language` (RFC 9110, section 12.5.4): the first language that there is. */
export function translateFor(
  { config }: Pick<Application, 'config'>,
  acceptLanguage: string | undefined,
): Translate {
  const { translations } = config
  if (acceptLanguage === undefined || Object.keys(translations).length === 0)
    return (_, message) => message
  const wanted = acceptLanguage
    .split(',')
    .slice(0, 20)
    .map((part) => {
      const [language = '', ...parameters] = part.trim().split(';')
      const quality = /^\s*q=([\d.]+)/.exec(parameters.join(';'))?.[1]
      return { language: language.toLowerCase().split('-')[0] ?? '', quality: Number(quality ?? 1) }
    })
    .toSorted((a, b) => b.quality - a.quality)
  // English is what the messages are written in.
  const found = wanted.find(({ language, quality }) => {
    return quality > 0 && (language === 'en' || Object.hasOwn(translations, language))
  })
  const texts = found && translations[found.language]
  return (code, message) =>
    texts !== undefined && Object.hasOwn(texts, code) ? (texts[code] ?? message) : message
}
