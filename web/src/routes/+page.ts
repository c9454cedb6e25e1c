// The addresses of before: `/?ticker=X` was the trading screen.

import { redirect } from '@sveltejs/kit'
import type { PageLoad } from './$types'

export const load: PageLoad = ({ url }) => {
  const ticker = url.searchParams.get('ticker')
  if (ticker !== null) redirect(307, `/symbol/${encodeURIComponent(ticker)}`)
}
