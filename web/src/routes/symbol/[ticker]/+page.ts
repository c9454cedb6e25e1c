import { parseTickerId, USD_KRW } from '@motu/shared/ticker.ts'
import { error } from '@sveltejs/kit'
import type { PageLoad } from './$types'

export const load: PageLoad = ({ params }) => {
  const tickerId = params.ticker.toUpperCase()
  if (!parseTickerId(tickerId) || tickerId === USD_KRW) error(404, 'no such instrument')
  return { tickerId }
}
