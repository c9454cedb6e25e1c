// A short tint behind a number that moved: up or down, unless the viewer asked for less motion.

import type { Attachment } from 'svelte/attachments'

const FLASH_MS = 450

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
    if (!moved || isStill()) return
    // By the name of the colour: asking for its value would make the page compute its styles for
    // every number that moves.
    const tint = { backgroundColor: `var(--${moved}-tint)` }
    element.animate([tint, { backgroundColor: 'transparent' }], {
      duration: FLASH_MS,
      easing: 'ease-out',
    })
  }
}
