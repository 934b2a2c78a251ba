export { portable, type PortableOptions } from './dialect/portable/portable.ts'
export type { PortableEngine } from './dialect/portable/text/tokens.ts'
