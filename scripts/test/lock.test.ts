import { describe, expect, it } from 'vitest'
import { completeLock, platformOf } from '../lock.ts'

describe('the lock file', () => {
  it('names the packages of every platform, also of those that npm left out', () => {
    const packages = {
      'node_modules/tool': {
        version: '1.0.0',
        optionalDependencies: { '@tool/linux-x64-gnu': '1.0.0', '@tool/win32-arm64': '1.0.0' },
      },
      'node_modules/@tool/linux-x64-gnu': { version: '1.0.0', optional: true },
    }

    const added = completeLock(packages)

    expect(added).toEqual(['@tool/win32-arm64'])
    expect(packages).toMatchObject({
      'node_modules/@tool/win32-arm64': {
        version: '1.0.0',
        optional: true,
        os: ['win32'],
        cpu: ['arm64'],
      },
    })
  })

  it('puts a second version beside the package that wants it', () => {
    const packages = {
      'node_modules/tool': {
        version: '2.0.0',
        optionalDependencies: { '@tool/darwin-x64': '2.0.0' },
      },
      'node_modules/site/node_modules/tool': {
        version: '1.0.0',
        optionalDependencies: { '@tool/darwin-x64': '1.0.0' },
      },
    }

    completeLock(packages)

    expect(packages).toMatchObject({
      'node_modules/@tool/darwin-x64': { version: '2.0.0' },
      'node_modules/site/node_modules/tool/node_modules/@tool/darwin-x64': { version: '1.0.0' },
    })
    expect(completeLock(packages)).toEqual([])
  })

  it.for([
    ['@oxlint/binding-linux-x64-musl', { cpu: ['x64'], os: ['linux'], libc: ['musl'] }],
    ['@oxlint/binding-linux-arm-gnueabihf', { cpu: ['arm'], os: ['linux'], libc: ['glibc'] }],
    ['@esbuild/linux-x64', { cpu: ['x64'], os: ['linux'] }],
    ['@rolldown/binding-wasm32-wasi', { cpu: ['wasm32'] }],
    ['fsevents', {}],
  ] as const)('reads the platform from the name %s', ([name, platform]) => {
    expect(platformOf(name)).toEqual(platform)
  })
})
