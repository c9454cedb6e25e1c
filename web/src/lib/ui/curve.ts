// Pure: no I/O, no clock, no randomness.
// A curve as the path of an SVG. Numbers here are for drawing: no amount is read off a picture.

/** When (or where), and how much. */
export type CurvePoint = readonly [x: number, y: number]
export type Curve = { readonly line: string; readonly baseY: number | null }

/** Half of a line's width, so that its highest and lowest points are not cut off. */
const MARGIN = 1.5

/**
 * The path through the points, from the left edge to the right one and from top to bottom, the base
 * line included. Null for fewer than two points; a level course runs through the middle.
 */
export function curvePath(
  points: readonly CurvePoint[],
  { width, height, base }: { width: number; height: number; base: number | null },
): Curve | null {
  const first = points[0]
  const last = points.at(-1)
  if (!first || !last || points.length < 2 || last[0] <= first[0]) return null
  const values = points.map(([, y]) => y).concat(base ?? [])
  const [low, high] = [Math.min(...values), Math.max(...values)]
  const x = (value: number) => ((value - first[0]) / (last[0] - first[0])) * width
  const y = (value: number) =>
    high === low ? height / 2 : MARGIN + (1 - (value - low) / (high - low)) * (height - 2 * MARGIN)
  const line = points.map(([at, value]) => `${rounded(x(at))} ${rounded(y(value))}`).join('L')
  return { line: `M${line}`, baseY: base === null ? null : rounded(y(base)) }
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10
}
