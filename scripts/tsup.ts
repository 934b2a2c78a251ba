import { globSync } from 'node:fs'
import { basename } from 'node:path'
import { defineConfig, type Options } from 'tsup'

/** The build of every package: each file directly in `src/` is one entry of `exports`. */
const config: Options = {
  entry: Object.fromEntries(
    globSync('src/*.ts').map((file) => [basename(file, '.ts'), file.replaceAll('\\', '/')]),
  ),
  format: 'esm',
  target: 'node22',
  platform: 'neutral',
  external: [/^node:/, /^@t2t\//],
  dts: true,
  clean: true,
  sourcemap: true,
  splitting: true,
  removeNodeProtocol: false,
  silent: true,
}

export default defineConfig(config)
