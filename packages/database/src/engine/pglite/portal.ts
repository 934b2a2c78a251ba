import { protocol } from '@electric-sql/pglite'
import { StatementRefusedError } from '../../errors/errors.ts'
import { translated } from '../postgres/translated.ts'
import type { PortalColumn } from '../postgres/type-names.ts'
import type { PgliteClient } from './client.ts'

const { serialize } = protocol

/** One statement whose rows are fetched in portions. */
export interface Portal {
  readonly columns: readonly PortalColumn[]
  /** Gives at most `count` rows as text; fewer than that means that there are no more. */
  fetch(count: number): Promise<readonly (readonly (string | null)[])[]>
}

interface Message {
  readonly name: string
}

/**
 * Prepares one statement through the extended protocol, where a second one is an error, and opens
 * it for `body`. The text reaches the engine as it is.
 *
 * @throws {@link StatementRefusedError} before anything runs, when the statement gives no rows.
 */
export async function withPortal<Value>(
  client: PgliteClient,
  sql: string,
  body: (portal: Portal) => Promise<Value>,
): Promise<Value> {
  if (sql.includes('\0')) throw new StatementRefusedError('The text contains a NUL character.')
  const send = (message: Uint8Array): Promise<readonly Message[]> =>
    client.runExclusive(async () => {
      const { messages } = await client.execProtocol(message, { syncToFs: false })
      return messages
    })

  try {
    const prepare = async (): Promise<readonly Message[]> => {
      await send(serialize.parse({ text: sql }))
      return send(serialize.describe({ type: 'S' }))
    }
    const described = await prepare().catch((error: unknown) => {
      throw translated(error, { preparing: sql })
    })
    const columns = columnsOf(described)
    if (columns === undefined) throw new StatementRefusedError('The statement does not read rows.')
    await send(serialize.bind({}))
    return await body({
      columns,
      async fetch(count) {
        return rowsOf(await send(serialize.execute({ rows: count })))
      },
    })
  } finally {
    await send(serialize.sync())
  }
}

function columnsOf(messages: readonly Message[]): readonly PortalColumn[] | undefined {
  for (const message of messages) {
    if (message.name !== 'rowDescription' || !('fields' in message)) continue
    return listOf(message.fields).flatMap((field) => (isField(field) ? [toColumn(field)] : []))
  }
  return undefined
}

function rowsOf(messages: readonly Message[]): readonly (readonly (string | null)[])[] {
  return messages.flatMap((message) =>
    message.name === 'dataRow' && 'fields' in message
      ? [listOf(message.fields).map((value) => (typeof value === 'string' ? value : null))]
      : [],
  )
}

interface Field {
  readonly name: string
  readonly dataTypeID: number
  readonly dataTypeModifier: number
}

function isField(value: unknown): value is Field {
  return typeof value === 'object' && value !== null && 'dataTypeID' in value && 'name' in value
}

function toColumn({ name, dataTypeID, dataTypeModifier }: Field): PortalColumn {
  return { name, typeId: dataTypeID, typeModifier: dataTypeModifier }
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}
