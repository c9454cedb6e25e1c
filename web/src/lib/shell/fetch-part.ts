// A part of the app that is on no screen yet is fetched when it is first wanted: nobody waits for a
// dialog he does not open.

import * as m from '#lib/paraglide/messages.js'
import type { Toasts } from '#lib/ui/toasts.svelte.ts'

/** The part, or null where it cannot be had: without a network, or after a new version came. Says so. */
export async function fetchPart<T>(
  toasts: Toasts,
  part: Promise<{ default: T }>,
): Promise<T | null> {
  try {
    return (await part).default
  } catch {
    const action = { label: m.shell_update_apply(), run: () => location.reload() }
    const [title, text] = [m.shell_part_missing(), m.shell_part_missing_text()]
    toasts.show({ tone: 'bad', title, text, action })
    return null
  }
}
