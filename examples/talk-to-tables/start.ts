// Serves what a configuration names, or the demo; and the small commands around it.
import { runCommand } from './server/cli/command.ts'

process.exitCode = await runCommand(process.argv.slice(2), {
  environment: process.env,
  write: (text) => void process.stdout.write(text),
  complain: (text) => void process.stderr.write(text),
})
