// The contract as the edge publishes it, and the page that shows it.

import { afterAll, beforeAll, expect, it } from 'vitest'
import { ROUTES } from '@motu/shared/contract/routes.ts'
import { EdgeUnderTest } from './edge-under-test.ts'

type Operation = { 'x-motu-access': string; security: Record<string, string[]>[] }
type OpenApi = {
  openapi: string
  paths: Record<string, Record<string, Operation>>
  components: { securitySchemes: Record<string, object>; schemas: Record<string, object> }
}

let edge: EdgeUnderTest
let text: string
let document: OpenApi

beforeAll(async () => {
  edge = await new EdgeUnderTest().start()
  const answer = await edge.get('/api/v1/openapi.json')
  text = await answer.text()
  document = JSON.parse(text) as OpenApi
})

afterAll(() => edge.stop())

it('describes every route, with who may call it', () => {
  expect(document.openapi).toBe('3.1.0')
  for (const route of ROUTES) {
    const operation = document.paths[route.path]?.[route.method]
    expect(operation, `${route.method} ${route.path}`).toBeDefined()
    expect(operation!['x-motu-access']).toBe(route['x-motu-access'])
  }
  const count = Object.values(document.paths).flatMap((path) => Object.keys(path)).length
  expect(count).toBe(ROUTES.length)
})

it('names the schemes, and which of them a route takes', () => {
  expect(document.components.securitySchemes).toMatchObject({
    BearerAuth: { type: 'http', scheme: 'bearer' },
    ApiKeyAuth: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
    OAuth2Password: { flows: { password: { tokenUrl: '/api/v1/login/access-token' } } },
  })
  const security = (path: string, method: string) =>
    document.paths[path]![method]!.security.flatMap(Object.keys)
  expect(security('/api/v1/orders', 'post')).toContain('ApiKeyAuth')
  expect(security('/api/v1/users/me', 'patch')).not.toContain('ApiKeyAuth')
  expect(security('/api/v1/status', 'get')).toEqual([])
})

it('refers to nothing it does not hold', () => {
  for (const [, kind, name] of text.matchAll(/"#\/components\/(\w+)\/(\w+)"/g)) {
    expect(document.components).toHaveProperty([kind!, name!])
  }
})

it('is shown by a page that loads nothing from elsewhere', async () => {
  const page = await fetch(`${edge.url}/docs`, { headers: { accept: 'text/html' } })
  expect(page.status).toBe(200)
  const html = await page.text()
  expect(html).toContain("script-src 'self'")
  const loads = /<(?:script|link|img)\b[^>]*?(?:src|href)="([^"]+)"/g
  const links = [...html.matchAll(loads)].map(([, link]) => link!)
  expect(links.length).toBeGreaterThan(2)
  for (const link of links) {
    // The icon is the web app's, which is not served here.
    if (link === '/mark.svg') continue
    expect(link).toMatch(/^\/docs\//)
    const answer = await edge.get(link)
    expect(answer.status, link).toBe(200)
    await answer.arrayBuffer()
  }
})
