import { findInstrument } from '@motu/shared/instrument.ts'
import { error } from '@sveltejs/kit'
import { rememberSymbol } from '#lib/symbol/last-symbol.ts'
import type { PageLoad } from './$types'

export const load: PageLoad = ({ params }) => {
  const instrument = findInstrument(params.ticker.toUpperCase())
  if (!instrument) error(404, 'no such instrument')
  rememberSymbol(localStorage, instrument.tickerId)
  return { instrument }
}
