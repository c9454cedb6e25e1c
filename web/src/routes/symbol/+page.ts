import { redirect } from '@sveltejs/kit'
import { lastSymbol } from '#lib/symbol/last-symbol.ts'
import type { PageLoad } from './$types'

export const load: PageLoad = () => redirect(307, `/symbol/${lastSymbol(localStorage)}`)
