// Compares the public surface of every entry, or of the packages that are named, with the committed report.
import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor'
import { globSync, mkdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { update: { type: 'boolean', default: false } },
})
process.chdir(join(import.meta.dirname, '..'))

const silent = ExtractorLogLevel.None
const changed: string[] = []
const entries = globSync('packages/*/src/*.ts')
  // A program has no surface but its options.
  .filter((file) => basename(file) !== 'cli.ts')
  .filter((file) => positionals.length === 0 || positionals.some((name) => file.includes(name)))
  .toSorted()

for (const entry of entries) {
  const folder = dirname(dirname(entry))
  const name = basename(entry, '.ts')
  const report = join(folder, 'api', `${name}.api.md`)
  mkdirSync(join(folder, 'api'), { recursive: true })
  const config = ExtractorConfig.prepare({
    configObject: {
      projectFolder: resolve(folder),
      mainEntryPointFilePath: resolve(folder, 'dist', `${name}.d.ts`),
      compiler: { tsconfigFilePath: resolve('scripts/api-report.tsconfig.json') },
      apiReport: {
        enabled: true,
        reportFileName: `${name}.api.md`,
        reportFolder: resolve(folder, 'api'),
        reportTempFolder: resolve('node_modules/.cache/api-report', basename(folder)),
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      newlineKind: 'lf',
      messages: {
        compilerMessageReporting: { default: { logLevel: silent } },
        extractorMessageReporting: { default: { logLevel: silent } },
        tsdocMessageReporting: { default: { logLevel: silent } },
      },
    },
    configObjectFullPath: undefined,
    packageJsonFullPath: resolve(folder, 'package.json'),
  })
  const result = Extractor.invoke(config, {
    localBuild: values.update,
    showVerboseMessages: false,
    messageCallback: (message) => {
      if (message.logLevel !== 'error') message.handled = true
    },
  })
  if (result.apiReportChanged || isEmpty(report)) changed.push(report)
}

function isEmpty(file: string): boolean {
  try {
    return readFileSync(file, 'utf8').length === 0
  } catch {
    return true
  }
}

if (changed.length > 0 && !values.update) {
  process.stderr.write(
    `The public surface changed: ${changed.join(', ')}.\nRun "npm run build && npm run api" and review the diff.\n`,
  )
  process.exitCode = 1
}
process.stdout.write(
  `api: ${entries.length} entries, ${changed.length} ${values.update ? 'updated' : 'changed'}\n`,
)
