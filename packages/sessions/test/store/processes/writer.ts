// Adds messages to a session and writes the place of each to stdout, once the store has it.
import { writeSync } from 'node:fs'
import { openStore } from './open-store.ts'

const [kind = '', folder = '', owner = '', id = '', count = '0'] = process.argv.slice(2)
await using opened = await openStore(kind, folder)
const pending: Promise<void>[] = []
for (let index = 0; index < Number(count); index++) {
  const content = `${process.pid} ${index} ${'x'.repeat(2_000)}`
  const message = opened.store.messages.append({ owner, id }, { role: 'user', content })
  pending.push(message.then(({ sequence }) => void writeSync(1, `${sequence} ${content}\n`)))
  // Four at once, as a server has several chats under way.
  if (pending.length >= 4) await pending.shift()
}
await Promise.all(pending)
