import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readConfigFile } from '../../server/config/read-config.ts'

const folder = join(import.meta.dirname, '..', '..')
const environment = {
  FIRST_KEY_SHA256: 'a'.repeat(64),
  OPERATOR_KEY_SHA256: 'b'.repeat(64),
  READER_PASSWORD: 'r',
  SESSIONS_PASSWORD: 's',
  MODEL_URL: 'https://models.example/v1',
  MODEL_NAME: 'm',
  MODEL_KEY: 'k',
}

it('the configuration that is deployed can work, and compose hands on all that it refers to', () => {
  const config = readConfigFile(join(folder, 'deploy', 'config.yaml'), environment)
  const compose = readFileSync(join(folder, 'deploy', 'compose.yaml'), 'utf8')
  expect(config.sessions.store).toBe('postgres')
  for (const variable of Object.keys(environment)) expect(compose).toContain(`${variable}:`)
})

it('the image is not run by root, is looked after, and ends as the server wants to', () => {
  const dockerfile = readFileSync(join(folder, 'Dockerfile'), 'utf8')
  expect(dockerfile).toMatch(/^USER node$/m)
  expect(dockerfile).toMatch(/^HEALTHCHECK /m)
  expect(dockerfile).toMatch(/^STOPSIGNAL SIGTERM$/m)
})
