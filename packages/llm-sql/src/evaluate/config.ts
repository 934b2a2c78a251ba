import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { parseDocument } from 'yaml'
import * as z from 'zod/mini'
import { EvaluationInvalidError } from '../errors/errors.ts'
import { modelGenerator } from '../generator/model-generator.ts'
import type { SqlGenerator } from '../generator/generator.ts'
import { readMetadataFile } from '../metadata/read-file.ts'
import { anthropicModel } from '../model/anthropic/anthropic-model.ts'
import { geminiModel } from '../model/gemini/gemini-model.ts'
import type { Model } from '../model/model.ts'
import { openAiModel } from '../model/openai/openai-model.ts'
import { offlineGenerator } from '../offline/offline-generator.ts'
import type { EvaluationDatabase } from './database.ts'
import { checkSource, databaseShape, openDatabase } from './open-database.ts'
import { readOutputs, readQuestions } from './questions.ts'
import { assistants, type EvaluationSetup } from './setup.ts'
import { assistantSubject, recordedSubject } from './subject.ts'

const text = z.string().check(z.minLength(1))
const generator = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('offline'), minConfidence: z.optional(z.number()) }),
  z.strictObject({
    kind: z.literal('model'),
    provider: z._default(z.enum(['openai', 'anthropic', 'gemini']), 'openai'),
    baseUrl: z.optional(text),
    model: text,
    apiKeyVariable: z.optional(text),
    maxOutputTokens: z.optional(z.int().check(z.gte(1))),
  }),
  z.strictObject({ kind: z.literal('recorded'), outputs: text, system: z.optional(text) }),
])
const shape = z.strictObject({
  questions: text,
  database: databaseShape,
  metadata: z._default(z.array(text), []),
  policy: z._default(z.looseObject({ limits: z.optional(z.looseObject({})) }), {}),
  generator,
  maxAttempts: z.optional(z.int().check(z.gte(1))),
  today: z.optional(z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}$/))),
})

/** Rows that a statement may give unless the policy says otherwise: an answer that is cut off is wrong. */
const manyRows = 100_000

/** A configuration as a file holds it. */
export type EvaluationConfig = z.output<typeof shape>

/**
 * Reads the configuration of an evaluation: YAML or JSON, or a module whose default export is an
 * {@link EvaluationSetup}.
 *
 * Paths are relative to the file; `{db}` in them stands for the name of the database.
 *
 * @throws {@link EvaluationInvalidError} that says what is wrong and where.
 */
export async function readSetup(
  path: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<EvaluationSetup> {
  if (/\.[cm]?[jt]s$/.test(path)) return setupOf(await import(resolve(path)), path)
  const folder = dirname(resolve(path))
  const content = await textOf(path)
  const document = parseDocument(content)
  const [error] = document.errors
  if (error !== undefined) {
    const at = error.linePos?.[0]
    throw new EvaluationInvalidError(`${path} line ${at?.line ?? 1} is neither YAML nor JSON.`)
  }
  const parsed = shape.safeParse(document.toJS({ maxAliasCount: 100 }))
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path: at, code, ...issue }) => {
      const place = at.length === 0 ? 'the file' : at.map(String).join('.')
      const keys = 'keys' in issue ? ` (${issue.keys.join(', ')})` : ''
      return `${place}: ${code.replaceAll('_', ' ')}${keys}`
    })
    throw new EvaluationInvalidError(`${path} is not a configuration: ${problems.join('; ')}.`)
  }
  return setupFor(parsed.data, { folder, environment })
}

function setupOf(module: unknown, path: string): EvaluationSetup {
  const setup: unknown =
    typeof module === 'object' && module !== null && 'default' in module
      ? module.default
      : undefined
  if (isSetup(setup)) return setup
  throw new EvaluationInvalidError(
    `The default export of ${path} needs name, questions, subject and runnerFor.`,
  )
}

function isSetup(value: unknown): value is EvaluationSetup {
  return (
    typeof value === 'object' &&
    value !== null &&
    ['name', 'questions', 'subject', 'runnerFor'].every((key) => key in value)
  )
}

interface Surroundings {
  readonly folder: string
  readonly environment: Readonly<Record<string, string | undefined>>
}

async function setupFor(
  config: EvaluationConfig,
  { folder, environment }: Surroundings,
): Promise<EvaluationSetup> {
  const { database: source, metadata, generator: chosen, maxAttempts, today } = config
  checkSource(source)
  const at = (path: string, db = ''): string => resolve(folder, path.replaceAll('{db}', db))
  const questions = readQuestions(await textOf(at(config.questions)), config.questions)
  const open = new Map<string, Promise<EvaluationDatabase>>()
  const databaseFor = (db: string): Promise<EvaluationDatabase> => {
    const known = open.get(db) ?? openDatabase(db, source, { at, environment })
    open.set(db, known)
    return known
  }
  const close = async (): Promise<void> => {
    for (const one of await Promise.allSettled(open.values()))
      if (one.status === 'fulfilled') await one.value.close()
  }
  // What is wrong with a database is said before the first question is asked.
  try {
    for (const db of new Set(questions.map((one) => one.db))) await databaseFor(db)
  } catch (error) {
    await close()
    throw error
  }
  const runnerFor = async (db: string) => (await databaseFor(db)).run
  const common = {
    questions,
    runnerFor,
    close,
  }
  if (chosen.kind === 'recorded') {
    const { outputs, system } = chosen
    const recorded = readOutputs(await textOf(at(outputs)), system, outputs)
    const name = `recorded:${system ?? outputs}`
    return { ...common, name, subject: recordedSubject(recorded, runnerFor) }
  }
  const { limits } = config.policy
  const drafting = generatorFor(chosen, environment)
  const assistantFor = assistants({
    generator: drafting,
    databaseFor,
    metadataFor: (db) =>
      Promise.all(
        metadata.map((path, index) => readMetadataFile(at(path, db), { priority: index + 1 })),
      ),
    policy: { ...config.policy, limits: { maxRows: manyRows, ...limits } },
    maxAttempts,
    today: today === undefined ? undefined : new Date(`${today}T12:00:00`),
  })
  // A file of metadata that is wrong is named before the first question too.
  for (const db of new Set(questions.map((one) => one.db))) await assistantFor(db)
  return { ...common, name: drafting.name, subject: assistantSubject(assistantFor) }
}

type Chosen = Exclude<EvaluationConfig['generator'], { readonly kind: 'recorded' }>

function generatorFor(chosen: Chosen, environment: Surroundings['environment']): SqlGenerator {
  if (chosen.kind === 'offline') return offlineGenerator({ minConfidence: chosen.minConfidence })
  const { apiKeyVariable, maxOutputTokens } = chosen
  const apiKey = apiKeyVariable === undefined ? undefined : environment[apiKeyVariable]
  if (apiKeyVariable !== undefined && (apiKey === undefined || apiKey === ''))
    throw new EvaluationInvalidError(`The variable ${apiKeyVariable} is not set.`)
  return modelGenerator({ model: modelFor(chosen, apiKey), maxOutputTokens })
}

function modelFor(
  { provider, baseUrl, model }: Extract<Chosen, { readonly kind: 'model' }>,
  apiKey: string | undefined,
): Model {
  if (provider === 'openai') {
    if (baseUrl === undefined)
      throw new EvaluationInvalidError(
        'generator.baseUrl is missing: where is /chat/completions found?',
      )
    return openAiModel({ baseUrl, model, apiKey })
  }
  if (apiKey === undefined)
    throw new EvaluationInvalidError(
      'generator.apiKeyVariable is missing: which variable holds the key?',
    )
  return provider === 'anthropic'
    ? anthropicModel({ baseUrl, model, apiKey })
    : geminiModel({ baseUrl, model, apiKey })
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch {
    throw new EvaluationInvalidError(`${path} cannot be read.`)
  }
}
