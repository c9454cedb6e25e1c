// A short tint behind a number that moved: up or down, unless the viewer asked for less motion.

import type { Attachment } from 'svelte/attachments'

const FLASH_MS = 450

export type Movement = 'up' | 'down' | null

/** Which way a number went. */
export function movement(before: bigint | null, after: bigint | null): Movement {
  if (before === null || after === null || before === after) return null
  return after > before ? 'up' : 'down'
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
    if (!moved || matchMedia('(prefers-reduced-motion: reduce)').matches) return
    const tint = getComputedStyle(element).getPropertyValue(`--${moved}-tint`)
    element.animate([{ backgroundColor: tint }, { backgroundColor: 'transparent' }], {
      duration: FLASH_MS,
      easing: 'ease-out',
    })
  }
}
