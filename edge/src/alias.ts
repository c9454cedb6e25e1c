// Pure: no I/O, no clock, no randomness.
// The paths the API also answers to: the singular of orders, and the owner's unprefixed ones. A
// browser that navigates to such a path wants the page of that name, not the API.

const ALIASES: Readonly<Record<string, string>> = {
  '/order': '/api/v1/orders',
  '/orders': '/api/v1/orders',
  '/api/v1/order': '/api/v1/orders',
  '/auth/login': '/api/v1/login/access-token',
  '/api/v1/auth/login': '/api/v1/login/access-token',
  '/users/register': '/api/v1/auth/register',
  '/api/v1/users/register': '/api/v1/auth/register',
  '/logout': '/api/v1/logout',
  '/portfolio': '/api/v1/portfolio',
  '/api-keys': '/api/v1/api-keys',
}
/** What is below these is below the API's prefix too. */
const ALIASED_FOLDERS = ['/login/', '/api-keys/']
const PREFIX = '/api/v1'

/** The path a request is routed by. */
export function aliasOf(request: Request): string {
  const path = pathOf(request.url)
  const alias = ALIASES[path]
  if (path.startsWith('/api/')) return alias ?? path
  const isInFolder = ALIASED_FOLDERS.some((folder) => path.startsWith(folder))
  const aliased = alias ?? (isInFolder ? PREFIX + path : path)
  return aliased === path || isNavigation(request) ? path : aliased
}

function pathOf(url: string): string {
  const start = url.indexOf('/', url.indexOf(':') + 3)
  if (start === -1) return '/'
  const end = url.slice(start).search(/[?#]/)
  return end === -1 ? url.slice(start) : url.slice(start, start + end)
}

function isNavigation(request: Request): boolean {
  const isRead = request.method === 'GET' || request.method === 'HEAD'
  return isRead && (request.headers.get('accept') ?? '').includes('text/html')
}
