import { panelRows, type Panel } from './panels.ts'

/** A value that JSON can hold. */
export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [name: string]: Json }

const datasource = { type: 'prometheus', uid: '${datasource}' }
const width = 8
const height = 8

/**
 * Makes the Grafana dashboard of all metrics, ready to be imported.
 *
 * Every panel is made from the catalogue, so that none names a metric that does not exist. It
 * asks for the Prometheus data source when it is opened.
 */
export function grafanaDashboard(): Json {
  const panels: Json[] = []
  let y = 0
  for (const row of panelRows) {
    panels.push({
      id: panels.length + 1,
      type: 'row',
      title: row.title,
      collapsed: false,
      gridPos: { x: 0, y, w: 24, h: 1 },
      panels: [],
    })
    y++
    for (const [index, panel] of row.panels.entries()) {
      const place = { x: (index % 3) * width, y: y + Math.floor(index / 3) * height }
      panels.push(panelOf(panel, panels.length + 1, place))
    }
    y += Math.ceil(row.panels.length / 3) * height
  }
  return {
    title: 'Talk to tables',
    uid: 't2t-overview',
    tags: ['t2t'],
    timezone: 'browser',
    editable: true,
    schemaVersion: 39,
    refresh: '30s',
    time: { from: 'now-1h', to: 'now' },
    templating: {
      list: [{ name: 'datasource', label: 'Data source', type: 'datasource', query: 'prometheus' }],
    },
    panels,
  }
}

function panelOf(
  panel: Panel,
  id: number,
  place: { readonly x: number; readonly y: number },
): Json {
  return {
    id,
    type: 'timeseries',
    title: panel.title,
    datasource,
    gridPos: { ...place, w: width, h: height },
    fieldConfig: { defaults: { unit: panel.unit, min: 0 }, overrides: [] },
    options: { legend: { displayMode: 'list', placement: 'bottom' } },
    targets: Object.entries(panel.queries).map(([legendFormat, expr], index) => ({
      refId: String.fromCharCode(65 + index),
      datasource,
      expr,
      legendFormat,
    })),
  }
}
