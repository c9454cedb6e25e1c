// The English sentences, fetched when English is chosen: until they are here, Korean is spoken.

import { getLocale } from '#lib/paraglide/runtime.js'

type Sentences = (typeof import('virtual:english-messages'))['default']

let sentences = $state.raw<Sentences | null>(null)

/** A message by its number, as the built app asks for it; undefined where Korean is to be spoken. */
export function inEnglish(number: number, inputs: unknown): string | undefined {
  return getLocale() === 'en' ? sentences?.[number]?.(inputs) : undefined
}

/** Fetches them, if they are not here yet. Where that fails, Korean stays. */
export async function learnEnglish(): Promise<void> {
  if (import.meta.env.DEV || sentences) return
  sentences = await import('virtual:english-messages').then(
    (list) => list.default,
    () => null,
  )
}
