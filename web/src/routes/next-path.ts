// Pure: no I/O, no clock, no randomness.
// Where to go after signing in: a path of this site, never another site's address.

type Address = { readonly origin: string; readonly searchParams: Pick<URLSearchParams, 'get'> }

export function nextPath(url: Address): string {
  const next = url.searchParams.get('next') ?? '/'
  const target = URL.canParse(next, url.origin) ? new URL(next, url.origin) : null
  return target?.origin === url.origin ? target.pathname + target.search : '/'
}
