// A short tint behind a number that moved: up or down, unless the viewer asked for less motion.

import type { Attachment } from 'svelte/attachments'

const FLASH_MS = 300
const SWEEP_MS = 150

export type Movement = 'up' | 'down' | null

/** Which way a number went. */
export function movement(before: bigint | null, after: bigint | null): Movement {
  if (before === null || after === null || before === after) return null
  return after > before ? 'up' : 'down'
}

let stillness: MediaQueryList | undefined

/** Whether the viewer asked for less motion. */
function isStill(): boolean {
  stillness ??= matchMedia('(prefers-reduced-motion: reduce)')
  return stillness.matches
}

/**
 * Flashes the element when the value moves. `key` says whose value it is: another instrument's
 * price is not a movement.
 */
export function flash(read: () => { key: string; value: bigint | null }): Attachment<HTMLElement> {
  let last: { key: string; value: bigint | null } | null = null
  return (element) => {
    const next = read()
    const moved = last?.key === next.key ? movement(last.value, next.value) : null
    last = next
    if (!moved || isStill()) return undefined
    light(element, moved)
    return () => darken(element)
  }
}

/** What is tinted now, and until when; all of it is looked over together, now and then. */
const lit = new Map<HTMLElement, number>()
let sweep: ReturnType<typeof setTimeout> | undefined

/**
 * On and off, without a fade: with a price in every frame, fades keep the page painting all the time,
 * and a press waits for that. By the name of the colour, so that nothing is computed here.
 */
function light(element: HTMLElement, moved: 'up' | 'down'): void {
  element.style.backgroundColor = `var(--${moved}-tint)`
  lit.set(element, performance.now() + FLASH_MS)
  sweep ??= setTimeout(darkenDue, SWEEP_MS)
}

function darken(element: HTMLElement): void {
  if (lit.delete(element)) element.style.removeProperty('background-color')
}

function darkenDue(): void {
  const now = performance.now()
  for (const [element, until] of lit) if (until <= now) darken(element)
  sweep = lit.size > 0 ? setTimeout(darkenDue, SWEEP_MS) : undefined
}
