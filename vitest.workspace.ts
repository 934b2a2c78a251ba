import { DatabaseSync } from 'node:sqlite'
import { defineConfig } from 'vitest/config'

// SQLite is opened with an authorizer, which Node has since 24.10; what needs it cannot run before.
const needsAuthorizer =
  'setAuthorizer' in DatabaseSync.prototype
    ? []
    : [
        'packages/database/test/{databases,engine,server}/**',
        'packages/sql-guard/test/native/**',
        'examples/**',
      ]

const conditions = ['@t2t/source', 'module', 'node', 'default']

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: ['@t2t/source', 'node'] } },
  test: {
    // A hung test fails all the same; a busy machine fails none.
    testTimeout: 30_000,
    hookTimeout: 60_000,
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
          exclude: ['**/*.engines.test.ts', '**/node_modules/**', ...needsAuthorizer],
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
          exclude: ['**/node_modules/**', ...needsAuthorizer],
          setupFiles: ['./scripts/test/no-console.ts'],
          globalSetup: ['./scripts/test/engines.ts'],
        },
      },
    ],
  },
})
