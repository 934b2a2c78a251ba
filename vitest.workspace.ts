import { defineConfig } from 'vitest/config'

const conditions = ['@t2t/source', 'module', 'node', 'default']

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: ['@t2t/source', 'node'] } },
  test: {
    reporters: ['default', './scripts/test/count-reporter.ts'],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: [
            'packages/*/test/**/*.test.ts',
            'examples/*/test/**/*.test.ts',
            'scripts/test/**/*.test.ts',
          ],
          exclude: ['**/*.engines.test.ts', '**/node_modules/**'],
          setupFiles: ['./scripts/test/no-console.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'engines',
          include: [
            'packages/*/test/**/*.engines.test.ts',
            'examples/*/test/**/*.engines.test.ts',
            'scripts/test/**/*.engines.test.ts',
          ],
          setupFiles: ['./scripts/test/no-console.ts'],
          globalSetup: ['./scripts/test/engines.ts'],
        },
      },
    ],
  },
})
