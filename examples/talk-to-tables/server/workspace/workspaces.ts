import type { Caller } from '../access/caller.ts'
import type { Workspace } from './workspace.ts'

/** The workspaces of all callers, opened when they are needed. */
export interface Workspaces extends AsyncDisposable {
  /**
   * Uses the workspace of a caller; it stays open meanwhile.
   *
   * @throws what opening it throws.
   */
  use<Value>(caller: Caller, work: (workspace: Workspace) => Promise<Value>): Promise<Value>
  /** Those that are open. */
  open(): readonly OpenWorkspace[]
}

export interface OpenWorkspace {
  readonly role: string
  readonly workspace: Workspace
}

interface Held {
  readonly role: string
  readonly opening: Promise<Workspace>
  workspace?: Workspace
  users: number
  isClosing: boolean
}

export interface WorkspacesOptions {
  readonly open: (caller: Pick<Caller, 'role' | 'attributes'>) => Promise<Workspace>
  /** More are closed, the one that was used longest ago first, as soon as nobody uses it. */
  readonly maxOpen: number
}

/**
 * One workspace for each role and set of attributes, so that what one caller may see is never in
 * what another is shown: databases, guards, caches and connections are not shared between them.
 */
export function createWorkspaces({ open, maxOpen }: WorkspacesOptions): Workspaces {
  const all = new Map<string, Held>()
  const closing = new Set<Promise<void>>()
  let isClosed = false

  const close = (key: string, held: Held): void => {
    if (all.get(key) === held) all.delete(key)
    held.isClosing = true
    if (held.users > 0) return
    const closed = held.opening
      .then((workspace) => workspace[Symbol.asyncDispose]())
      .catch(() => undefined)
      .finally(() => closing.delete(closed))
    closing.add(closed)
  }
  const makeRoom = (): void => {
    for (const [key, held] of all) {
      if (all.size <= maxOpen) return
      if (held.users === 0) close(key, held)
    }
  }

  return {
    async use(caller, work) {
      if (isClosed) throw new Error('The workspaces are closed.')
      const key = keyOf(caller)
      const held = all.get(key) ?? {
        role: caller.role,
        opening: open(caller),
        users: 0,
        isClosing: false,
      }
      // Used last, closed last.
      all.delete(key)
      all.set(key, held)
      held.users += 1
      try {
        held.workspace = await held.opening
        makeRoom()
        return await work(held.workspace)
      } catch (error) {
        // What could not be opened is tried again by the next caller.
        if (held.workspace === undefined && all.get(key) === held) all.delete(key)
        throw error
      } finally {
        held.users -= 1
        if (held.isClosing && held.users === 0) close(key, held)
      }
    },
    open: () =>
      [...all.values()].flatMap(({ role, workspace }) =>
        workspace === undefined ? [] : [{ role, workspace }],
      ),
    async [Symbol.asyncDispose]() {
      isClosed = true
      for (const [key, held] of all) close(key, held)
      await Promise.all(closing)
    },
  }
}

function keyOf({ role, attributes }: Pick<Caller, 'role' | 'attributes'>): string {
  const sorted = Object.entries(attributes).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return JSON.stringify([role, sorted])
}
