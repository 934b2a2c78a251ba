import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import { OptionInvalidError } from '../../errors/errors.ts'
import { checkInteger } from '../../orchestrator/server-options.ts'
import type { Connection, Connector } from '../../upstream/connection.ts'
import { maxMessageBytes } from '../session/limits.ts'
import type { ElicitOption } from '../session/elicit.ts'
import type { OpenLine } from '../session/open-line.ts'
import { describeCommand } from '../session/redact.ts'
import { badVariable } from './check-variables.ts'
import { ChildProcessTransport } from './child-process.ts'
import { StderrTail } from './stderr-tail.ts'

/** How a server process is started and ended. */
export interface StdioOptions extends ElicitOption {
  /** The program; it is started without a shell, so no expansion and no quoting take place. */
  readonly command: string
  /** @defaultValue none */
  readonly args?: readonly string[] | undefined
  /**
   * Variables of the server. Beside them it gets only what nobody keeps secrets in, such as `PATH`
   * and `HOME`. The values never appear in messages.
   * @defaultValue none
   */
  readonly env?: Readonly<Record<string, string>> | undefined
  /** @defaultValue the working directory of this process */
  readonly cwd?: string | undefined
  /**
   * How long the server may take to leave after its input has ended, and again after SIGTERM, in
   * milliseconds; then its process group is killed. An integer from 1 to 60000.
   * @defaultValue 1000
   */
  readonly graceMs?: number | undefined
}

/** Creates a connector that starts a process for each connection. */
export function processConnector(
  options: StdioOptions,
  connect: (line: OpenLine<Transport>, signal: AbortSignal) => Promise<Connection>,
): Connector {
  const { command, args = [], env = {}, cwd, graceMs = 1_000 } = options
  if (command.trim() === '') throw new OptionInvalidError('command must not be empty.')
  checkInteger('graceMs', graceMs, 60_000)
  if ([command, ...args, cwd ?? ''].some((text) => text.includes('\0'))) {
    throw new OptionInvalidError('command, args and cwd must not hold a NUL character.')
  }
  const bad = badVariable(env)
  if (bad !== undefined) {
    throw new OptionInvalidError(
      `env must hold variables that can be set; ${JSON.stringify(bad)} is not.`,
    )
  }
  const secrets = Object.values(env)
  const complaints = new StderrTail(secrets)

  return {
    description: `stdio: ${describeCommand(command, args)}`,
    connect: async (signal, onNotice) => {
      complaints.clear()
      const transport = new ChildProcessTransport({
        command,
        args,
        env,
        cwd,
        graceMs,
        maxMessageBytes,
        onStderr: (stream) => complaints.follow(stream),
        onUnreadable: (text) => complaints.add(`${text}\n`),
      })
      const connection = await connect(
        { transport, secrets, failure: () => transport.failure, onNotice, elicit: options.elicit },
        signal,
      )
      // What a server says while it starts is no complaint once it answers.
      complaints.clear()
      return connection
    },
    diagnose: () => complaints.line,
  }
}
