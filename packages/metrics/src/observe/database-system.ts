const systems: Readonly<Record<string, string>> = { postgres: 'postgresql' }

/** Spells a dialect as the OpenTelemetry conventions do. */
export function databaseSystem(dialect: string): string {
  return systems[dialect] ?? dialect
}
