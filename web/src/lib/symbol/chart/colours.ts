// The colours of the chart, read from the design tokens: what draws on a canvas knows no variables.

export type ChartColours = {
  readonly up: string
  readonly down: string
  readonly upTint: string
  readonly downTint: string
  readonly buy: string
  readonly sell: string
  readonly ink: string
  readonly faint: string
  readonly grid: string
  readonly surface: string
  /** Of indicator lines, by their number. */
  readonly lines: readonly string[]
}

/** As the element has them now; any form of colour that CSS knows becomes `rgba(…)`. */
export function readColours(element: HTMLElement): ChartColours {
  const probe = document.createElement('span')
  element.append(probe)
  const context = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true })!
  const read = (token: string, alpha = 1): string => {
    probe.style.color = `var(--${token})`
    context.clearRect(0, 0, 1, 1)
    context.fillStyle = getComputedStyle(probe).color
    context.fillRect(0, 0, 1, 1)
    const [red, green, blue] = context.getImageData(0, 0, 1, 1).data
    return `rgba(${red}, ${green}, ${blue}, ${alpha})`
  }
  const colours = {
    up: read('up'),
    down: read('down'),
    upTint: read('up', 0.4),
    downTint: read('down', 0.4),
    buy: read('buy'),
    sell: read('sell'),
    ink: read('ink'),
    faint: read('ink-faint'),
    grid: read('line', 0.55),
    surface: read('surface'),
    lines: [read('line-1'), read('line-2'), read('line-3'), read('line-4')],
  }
  probe.remove()
  return colours
}
