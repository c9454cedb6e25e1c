// Pure: no I/O, no clock, no randomness.
// A curve as pixels. Money becomes floats here and only here: nothing comes back as money.

export type Dot = { readonly at: number; readonly value: number }
export type Box = { readonly width: number; readonly height: number }

/** Room above and below the curve, as a part of its height. */
const MARGIN = 0.08
/** Steps that are easy to read: 1, 2, 2.5, 5, 10 and so on. */
const STEPS = [1, 2, 2.5, 5, 10]

export type Scale = {
  readonly x: (at: number) => number
  readonly y: (value: number) => number
  /** Round values inside the range, to write at the edge. */
  readonly ticks: readonly number[]
}

/** Fits dots into a box; `values` are all that must be visible. */
export function scaleOf(dots: readonly Dot[], values: readonly number[], box: Box): Scale {
  const [from, to] = [dots[0]?.at ?? 0, dots.at(-1)?.at ?? 1]
  const [low, high] = rangeOf(values)
  const room = (high - low) * MARGIN
  const [bottom, top] = [low - room, high + room]
  return {
    x: (at) => (to === from ? box.width : ((at - from) / (to - from)) * box.width),
    y: (value) => ((top - value) / (top - bottom)) * box.height,
    ticks: ticksIn(bottom, top),
  }
}

/** The line through dots, as the `d` of an SVG path. */
export function linePath(dots: readonly Dot[], { x, y }: Scale): string {
  return dots
    .map(({ at, value }, index) => `${index === 0 ? 'M' : 'L'}${px(x(at))} ${px(y(value))}`)
    .join('')
}

/** Money put in stands until more comes: a line of steps. */
export function stepPath(dots: readonly Dot[], { x, y }: Scale): string {
  return dots
    .map(({ at, value }, index) =>
      index === 0 ? `M${px(x(at))} ${px(y(value))}` : `H${px(x(at))}V${px(y(value))}`,
    )
    .join('')
}

/** The index of the dot nearest to a horizontal place. */
export function nearest(dots: readonly Dot[], left: number, { x }: Scale): number {
  let best = 0
  for (let index = 1; index < dots.length; index += 1) {
    if (Math.abs(x(dots[index]!.at) - left) <= Math.abs(x(dots[best]!.at) - left)) best = index
  }
  return best
}

/** Evenly spread, first and last among them: what a table shows of a long curve. */
export function sampled<T>(items: readonly T[], count: number): T[] {
  if (items.length <= count) return [...items]
  const step = (items.length - 1) / (count - 1)
  return Array.from({ length: count }, (_, index) => items[Math.round(index * step)]!)
}

/** A flat line gets a range too, so that it lies in the middle. */
function rangeOf(values: readonly number[]): [number, number] {
  const [low, high] = [Math.min(...values), Math.max(...values)]
  if (!Number.isFinite(low)) return [0, 1]
  if (high > low) return [low, high]
  const half = Math.max(Math.abs(low) * 0.001, 1)
  return [low - half, high + half]
}

function ticksIn(bottom: number, top: number): number[] {
  const rough = (top - bottom) / 5
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = power * STEPS.find((each) => each * power >= rough)!
  const first = Math.ceil(bottom / step)
  const last = Math.floor(top / step)
  return Array.from({ length: last - first + 1 }, (_, index) => (first + index) * step)
}

function px(value: number): string {
  return `${Math.round(value * 10) / 10}`
}
