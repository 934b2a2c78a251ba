import base from '../../scripts/tsup.ts'

if (typeof base === 'function' || Array.isArray(base) || Array.isArray(base.entry)) {
  throw new TypeError('The common build must be one object with named entries.')
}

/** The entries of `exports`, and the two scripts that engines run elsewhere. */
export default {
  ...base,
  entry: {
    ...base.entry,
    'sqlite-child': 'src/engine/sqlite/child.ts',
    'pglite-worker': 'src/engine/pglite/worker.ts',
  },
}
