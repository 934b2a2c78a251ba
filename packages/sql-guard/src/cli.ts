#!/usr/bin/env node
import { readFile } from 'node:fs/promises'
import { runCommand } from './cli/command.ts'

process.stdin.setEncoding('utf8')
process.exitCode = await runCommand(process.argv.slice(2), {
  readFile: (path) => readFile(path, 'utf8'),
  readInput: () => process.stdin,
  write: (output) => void process.stdout.write(output),
  writeError: (output) => void process.stderr.write(output),
})
