import { describe, expect, it } from 'vitest'
import { ACCESS } from './access.ts'
import { ROUTES, routeOf } from './routes.ts'

const found = (method: string, path: string): string | readonly string[] | null => {
  const match = routeOf(method, path)
  if (match === null) return null
  return 'route' in match ? `${match.route.method} ${match.route.path}` : match.allow
}

describe('a request', () => {
  it.each<[method: string, path: string, route: ReturnType<typeof found>]>([
    ['GET', '/api/v1/status', 'get /api/v1/status'],
    ['HEAD', '/api/v1/status', 'get /api/v1/status'],
    ['POST', '/api/v1/status', ['GET', 'HEAD']],
    ['GET', '/api/v1/orders/x', 'get /api/v1/orders/{id}'],
    ['DELETE', '/api/v1/orders/x', 'delete /api/v1/orders/{id}'],
    ['POST', '/api/v1/orders/x', ['DELETE', 'GET', 'HEAD', 'PATCH']],
    ['POST', '/api/v1/orders/batch', 'post /api/v1/orders/batch'],
    ['PUT', '/api/v1/orders/batch', ['DELETE', 'GET', 'HEAD', 'PATCH', 'POST']],
    ['GET', '/api/v1/orders/x/fills', 'get /api/v1/orders/{id}/fills'],
    ['GET', '/api/v1/orders/', null],
    ['GET', '/api/v1/orders//fills', null],
    ['GET', '/api/v1/orders/.', null],
    ['GET', '/api/v1/orders/%2E./fills', null],
    ['GET', '/api/v1/market/quotes/...', 'get /api/v1/market/quotes/{ticker_id}'],
    ['GET', '/api/v1/orders/x/fills/y', null],
    ['GET', '/x/api/v1/status', null],
    ['GET', '/api/v1/STATUS', null],
    ['GET', '', null],
  ])('%s %s is answered by %s', (method, path, route) => {
    expect(found(method, path)).toEqual(route)
  })
})

describe('the list of routes', () => {
  it('finds each route under its own address, and each only once', () => {
    for (const route of ROUTES) {
      const path = route.path.replaceAll(/\{\w+\}/g, 'x')
      expect(found(route.method, path)).toBe(`${route.method} ${route.path}`)
    }
  })

  it('says of each who may call it', () => {
    for (const route of ROUTES) expect(ACCESS).toContain(route['x-motu-access'])
  })
})
