import type { FeatureName } from './features.ts'

/**
 * How much each reason counts. Fitted by logistic regression over some thousand public questions of
 * 150 databases, then rounded; only the proportions mean something.
 */
export const weights: Readonly<Record<FeatureName, number>> = {
  rare: 5,
  phrase: 0.6,
  commentRare: 2,
  value: 3.9,
  shape: 1,
  time: 1.6,
  number: 0.45,
  primaryKey: 0.9,
  counted: 0.4,
  foreignKey: 0.8,
  display: 0.85,
  tableNamed: 1.2,
  tableCommented: 1.3,
  tableSupport: 0.85,
  tableValue: 0.5,
  both: 0.9,
  unknownName: 0.3,
  place: 0.6,
  content: 0.7,
  late: -0.4,
}
