// Static files with one fallback page: everything is rendered in the browser.

import { learnEnglish } from '#lib/english.svelte.ts'
import type { LayoutLoad } from './$types'

export const ssr = false
export const prerender = false

/** Nothing is shown in Korean to somebody who chose English: `first-paint.js` noted the choice. */
export const load: LayoutLoad = async () => {
  if (document.documentElement.lang === 'en') await learnEnglish()
}
