#!/usr/bin/env node
import { runEvaluate } from './evaluate/command.ts'

const interrupt = new AbortController()
process.once('SIGINT', () => interrupt.abort(new Error('interrupted')))

process.exitCode = await runEvaluate(process.argv.slice(2), {
  write: (text) => void process.stdout.write(text),
  writeError: (text) => void process.stderr.write(text),
  environment: process.env,
  signal: interrupt.signal,
})
