import type { MetricDefinition } from '../meter/definition.ts'
import { databaseMetrics } from './area/database.ts'
import { guardMetrics } from './area/guard.ts'
import { mcpMetrics } from './area/mcp.ts'
import { modelMetrics } from './area/model.ts'
import { processMetrics } from './area/process.ts'
import { questionMetrics } from './area/question.ts'
import { resilienceMetrics } from './area/resilience.ts'
import { selfMetrics } from './area/self.ts'
import { serverMetrics } from './area/server.ts'

/** Every metric of this project, in the order of its documentation. */
export const catalogue: readonly MetricDefinition[] = [
  ...questionMetrics,
  ...modelMetrics,
  ...guardMetrics,
  ...databaseMetrics,
  ...mcpMetrics,
  ...resilienceMetrics,
  ...serverMetrics,
  ...processMetrics,
  ...selfMetrics,
]
